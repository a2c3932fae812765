"""Finds, holds and confirms a place through reflection alone, and sees a repeated request as one."""

import os
import re
import sys
import time

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

PATIENCE_SECONDS = 90
DEADLINE_SECONDS = 10


class Service:
    """A service as a server's reflection describes it."""

    def __init__(self, channel, pool, name):
        self._channel = channel
        self._described = pool.FindServiceByName(name)

    def request(self, method, **fields):
        """A method's request."""
        return GetMessageClass(self._described.methods_by_name[method].input_type)(**fields)

    def call(self, method, request):
        """Calls a method."""
        described = self._described.methods_by_name[method]
        return self._channel.unary_unary(
            f"/{self._described.full_name}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(described.output_type).FromString,
        )(request, timeout=DEADLINE_SECONDS)


def request_id():
    """A UUIDv7: 48 bits of milliseconds, the version, the variant, and chance."""
    number = int(time.time() * 1000) << 80 | int.from_bytes(os.urandom(10), "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    number = number & ~(0x3 << 62) | 0x2 << 62
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def patiently(attempt):
    """What an attempt gives, once it gives something: the cluster is still being founded."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            found = attempt()
            if found:
                return found
            last = "nothing"
        except (OSError, grpc.RpcError, KeyError) as error:
            last = error
        if time.monotonic() > until:
            sys.exit(f"within {PATIENCE_SECONDS} s: {last}")
        time.sleep(0.5)


def addresses(cluster_file):
    """The members' addresses, in their order."""
    with open(cluster_file, encoding="utf-8") as file:
        return re.findall(r'^address = "(.+)"$', file.read(), re.MULTILINE)


def services(address):
    """The cluster and the bookings at one node, by reflection."""
    channel = grpc.insecure_channel(address)
    pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
    return (
        Service(channel, pool, "cupo.v1.ClusterService"),
        Service(channel, pool, "cupo.v1.BookingService"),
    )


def book(bookings, place):
    """Holds and confirms a place; answers the booking's name."""
    hold = bookings.request("CreateHold", hold_seconds=60, request_id=request_id())
    hold.legs.add().candidates.add().name = place
    held = bookings.call("CreateHold", hold)
    again = bookings.call("CreateHold", hold)
    assert held.grants[0].id == again.grants[0].id, "one request, one hold"
    name = held.grants[0].name
    confirm = bookings.request(
        "ConfirmHold", name=name, fencing=held.fencing, request_id=request_id()
    )
    bookings.call("ConfirmHold", confirm)
    return name.replace("holds/", "bookings/")


def main():
    first, second = patiently(lambda: addresses(sys.argv[1]))[:2]
    cluster, bookings = patiently(lambda: services(first))
    patiently(lambda: cluster.call("GetStatus", cluster.request("GetStatus")).ready)

    search = bookings.request("SearchPlaces", limit=3)
    search.need.outpatient.specialty = 3  # Internal medicine: even a small nation has hospitals.
    search.need.near.latitude, search.need.near.longitude = 19.43, -99.13
    found = patiently(lambda: bookings.call("SearchPlaces", search).candidates)
    place = found[0].place
    booking = book(bookings, place)

    # Another node says the same.
    _, others = services(second)
    get = others.request("GetBooking", name=booking)
    get.consistency.linearizable = True
    seen = others.call("GetBooking", get).commitment
    assert seen.place == place, seen
    assert seen.status == 2, f"{seen} is not booked"
    print(f"{booking} at {place}: found, held, confirmed, and seen at another node")

    get.name = "bookings/999999999"
    try:
        others.call("GetBooking", get)
        sys.exit("what was never booked is there")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.NOT_FOUND, error
    print(f"grpcio {grpc.__version__}: done")


if __name__ == "__main__":
    main()
