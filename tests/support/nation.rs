//! A small nation: hospitals with one ward each, and clinics with one agenda each.

use super::client::{Client, request_id};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio_stream::StreamExt;
use wire::v1::capacity_item::Item;
use wire::v1::capacity_service_client::CapacityServiceClient;
use wire::v1::catalogue_service_client::CatalogueServiceClient;
use wire::v1::service_kind::Kind;
use wire::v1::stream_capacity_response::Message;
use wire::v1::{
    AgendaShape, BedArea, BedCount, BedType, CapacityItem, CareLevel, FacilityRecord,
    ImportFacilitiesRequest, Institution, Position, PublishAgendaRequest, PutInstitutionRequest,
    Report, ServiceKind, ServiceRecord, Specialty, StreamCapacityRequest, report,
};

/// How long founding steps may take each.
const PATIENCE: Duration = Duration::from_secs(20);

/// Slots of each clinic, and people each has room for.
const SLOTS: u32 = 14 * 32;
const SLOT_ROOM: u32 = 2;

/// Beds of each hospital, all of them free.
pub const BEDS: u32 = 40;

/// Whose facilities they are, without an author.
const INSTITUTION: &str = "IMB";

/// A nation as it stands on a cluster.
#[derive(Clone, Debug, Default)]
pub struct Nation {
    /// `facilities/{clues}` of each.
    pub facilities: Vec<String>,
    /// Every place by name, with its room.
    pub room: BTreeMap<String, u32>,
}

/// A person nobody else has: 16 bytes.
pub fn somebody() -> Bytes {
    Bytes::copy_from_slice(&rand::random::<[u8; 16]>())
}

impl Nation {
    /// Registers so many clinics and hospitals, publishes agendas from tomorrow on, and reports.
    pub async fn found(client: &Client, clinics: u32, hospitals: u32) -> Self {
        let mut nation = Self::default();
        nation.register(client, clinics, hospitals).await;
        let (visits, wards) = nation.facilities.split_at(clinics as usize);
        let mut room = BTreeMap::new();
        for facility in visits {
            room.extend(publish(client, facility).await);
        }
        for facility in wards {
            room.extend(report(client, facility).await);
        }
        nation.room = room;
        nation
    }

    /// A place with room for many: the first hospital's ward.
    pub fn ward(&self) -> &String {
        self.room.keys().find(|name| name.contains("/services/")).expect("a nation has wards")
    }

    /// Places for few: every slot of its clinics.
    pub fn slots(&self) -> impl Iterator<Item = &String> {
        self.room.keys().filter(|name| name.contains("/slots/"))
    }

    async fn register(&mut self, client: &Client, clinics: u32, hospitals: u32) {
        put_institution(client, INSTITUTION).await;
        let facilities: Vec<_> =
            (0..clinics + hospitals).map(|nth| record(nth, nth >= clinics)).collect();
        self.facilities =
            facilities.iter().map(|one| format!("facilities/{}", one.clues)).collect();
        let request =
            ImportFacilitiesRequest { facilities, request_id: request_id(), ..Default::default() };
        let put = |channel, request| async move {
            CatalogueServiceClient::new(channel).import_facilities(request).await
        };
        let answer = client.insist(request, PATIENCE, |_| {}, put).await.expect("a good catalogue");
        assert!(answer.outcomes.iter().all(|outcome| outcome.reason == 0), "{answer:?}");
    }
}

/// The code of a clinic's consulting room, as an import gives it.
const VISITS: &str = "general-practice";
/// The code of a hospital's ward, as an import gives it.
pub const WARD: &str = "bed-general";

/// Registers an institution by its letters.
pub async fn put_institution(client: &Client, letters: &str) {
    let institution =
        Institution { name: format!("institutions/{letters}"), display_name: letters.to_owned() };
    let request = PutInstitutionRequest {
        institution: Some(institution),
        request_id: request_id(),
        ..Default::default()
    };
    let put = |channel, request| async move {
        CatalogueServiceClient::new(channel).put_institution(request).await
    };
    client.insist(request, PATIENCE, |_| {}, put).await.expect("an institution can be put");
}

fn record(nth: u32, hospital: bool) -> FacilityRecord {
    let (code, kind, beds) = if hospital {
        let bed = BedType { area: BedArea::General.into(), censable: true, ..Default::default() };
        (WARD, Kind::Bed(bed), Some(BEDS))
    } else {
        (VISITS, Kind::Outpatient(Specialty::GeneralPractice.into()), None)
    };
    let service = ServiceRecord {
        code: code.to_owned(),
        kind: Some(ServiceKind { kind: Some(kind) }),
        beds,
        confirmed: hospital,
    };
    FacilityRecord {
        clues: format!("OCIMB{:06}", 900_000 + nth),
        institution_code: INSTITUTION.to_owned(),
        display_name: format!("Unidad {nth}"),
        level: if hospital { CareLevel::Second } else { CareLevel::First }.into(),
        position: Some(Position { latitude: 17.0 + f64::from(nth) / 100.0, longitude: -96.7 }),
        municipality: 20_067,
        time_zone: "America/Mexico_City".to_owned(),
        services: vec![service],
        ..Default::default()
    }
}

/// Publishes two weeks of a clinic's slots from tomorrow on, and answers them with their room.
pub async fn publish(client: &Client, facility: &str) -> BTreeMap<String, u32> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
    let tomorrow = (now.as_secs() / 86_400 + 1) * 86_400 + 14 * 3_600;
    let shape = AgendaShape {
        start_time: Some(prost_types::Timestamp { seconds: tomorrow as i64, nanos: 0 }),
        step_seconds: 900,
        length_seconds: 900,
        columns: 32,
        row_seconds: 86_400,
        rows: SLOTS / 32,
        capacity: SLOT_ROOM,
    };
    let request = PublishAgendaRequest {
        service: format!("{facility}/services/{VISITS}"),
        shape: Some(shape),
        request_id: request_id(),
        ..Default::default()
    };
    let publish = |channel, request| async move {
        CapacityServiceClient::new(channel).publish_agenda(request).await
    };
    let agenda = client.insist(request, PATIENCE, |_| {}, publish).await.expect("a good agenda");
    let name = |index| format!("{facility}/slots/{}-{index}", agenda.agenda);
    (0..SLOTS).map(|index| (name(index), SLOT_ROOM)).collect()
}

/// Reports a hospital's ward with all beds free, and answers it with its room.
pub async fn report(client: &Client, facility: &str) -> BTreeMap<String, u32> {
    let ward = format!("{facility}/services/{WARD}");
    let report = Report {
        service: Some(report::Service::ServiceName(ward.clone())),
        sequence: 1,
        incarnation: 1,
        beds: Some(BedCount { free: BEDS, open: BEDS, ..Default::default() }),
        available: BEDS,
        ..Default::default()
    };
    let request = StreamCapacityRequest {
        facility: facility.to_owned(),
        stream_id: request_id(),
        items: vec![CapacityItem { sequence: 1, item: Some(Item::Report(report)) }],
        ..Default::default()
    };
    // The stream stays open until its answer is here.
    let up = tokio_stream::once(request).chain(tokio_stream::pending());
    let mut service = CapacityServiceClient::new(client.channel(0));
    let answers = service.stream_capacity(up).await.expect("a stream opens");
    let mut answers = answers.into_inner();
    while let Some(answer) = answers.next().await {
        if let Some(Message::Outcomes(told)) = answer.expect("a stream goes on").message {
            assert!(told.outcomes.iter().all(|one| one.reason == 0), "{told:?}");
            return BTreeMap::from([(ward, BEDS)]);
        }
    }
    panic!("the stream of {ward} ended without an answer");
}
