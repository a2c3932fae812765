//! The same calls without a cluster behind them: what gRPC itself costs on this machine.
//!
//! It answers `Book` and `StreamBookings` with messages of the size a server answers, and decides
//! nothing. The ratio of a booking to this is what agreement, storage and rules cost.

use bytes::Bytes;
use futures::Stream;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::codegen::http::{Request as HttpRequest, Response as HttpResponse};
use tonic::codegen::{BoxFuture, Service};
use tonic::server::{Grpc, NamedService, StreamingService, UnaryService};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use tonic_prost::ProstCodec;
use wire::v1::{
    BookRequest, Grant, GrantResponse, Outcome, StreamBookingsRequest, StreamBookingsResponse,
};

/// Serves until the process ends. Says where it listens in one line on stdout.
///
/// # Errors
/// When the address is not to be had.
pub async fn serve(listen: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    println!("{}", listener.local_addr()?);
    let connections = TcpListenerStream::new(listener).map(|connection| {
        // Without it an answer waits for the acknowledgement of the one before it.
        connection.and_then(|stream| stream.set_nodelay(true).map(|()| stream))
    });
    let server = Server::builder().add_service(Echo);
    server.serve_with_incoming(connections).await.map_err(io::Error::other)
}

/// The service.
#[derive(Clone, Copy, Debug)]
struct Echo;

impl NamedService for Echo {
    const NAME: &'static str = "cupo.v1.BookingService";
}

impl Service<HttpRequest<Body>> for Echo {
    type Response = HttpResponse<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequest<Body>) -> Self::Future {
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/cupo.v1.BookingService/Book" => {
                    Grpc::new(ProstCodec::default()).unary(EchoBook, request).await
                }
                "/cupo.v1.BookingService/StreamBookings" => {
                    Grpc::new(ProstCodec::default()).streaming(EchoStream, request).await
                }
                _ => Status::unimplemented("the echo only books").into_http(),
            })
        })
    }
}

struct EchoBook;

impl UnaryService<BookRequest> for EchoBook {
    type Response = GrantResponse;
    type Future = Ready<Result<Response<GrantResponse>, Status>>;

    fn call(&mut self, request: Request<BookRequest>) -> Self::Future {
        let asked = request.into_inner();
        let first = asked.legs.first().and_then(|leg| leg.candidates.first());
        let place_number = match first.and_then(|place| place.place.as_ref()) {
            Some(wire::v1::place::Place::Number(number)) => *number,
            _ => 0,
        };
        let grant = Grant {
            name: "bookings/1234567".to_owned(),
            id: 1_234_567,
            choice: 0,
            place: "facilities/OCIMB000123/slots/12345-67".to_owned(),
            place_number,
        };
        let answer = GrantResponse {
            grants: vec![grant],
            fencing: 1_234_567,
            revision: 1_234_567,
            expire_time: None,
        };
        ready(Ok(Response::new(answer)))
    }
}

struct EchoStream;

impl StreamingService<StreamBookingsRequest> for EchoStream {
    type Response = StreamBookingsResponse;
    type ResponseStream =
        Pin<Box<dyn Stream<Item = Result<StreamBookingsResponse, Status>> + Send>>;
    type Future = Ready<Result<Response<Self::ResponseStream>, Status>>;

    fn call(&mut self, request: Request<Streaming<StreamBookingsRequest>>) -> Self::Future {
        let answers = request.into_inner().map(|asked| {
            let asked = asked?;
            let outcome = Outcome {
                revision: 1_234_567,
                commitment: Some(1_234_567),
                fencing: 1_234_567,
                ..Outcome::default()
            };
            Ok(StreamBookingsResponse {
                first_sequence: asked.first_sequence,
                outcomes: vec![outcome; asked.operations.len()],
                ..StreamBookingsResponse::default()
            })
        });
        ready(Ok(Response::new(Box::pin(answers))))
    }
}

/// A person for a request: nobody in particular, and never the same twice.
#[must_use]
pub fn person(worker: u64, number: u64) -> Bytes {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(worker + 1).to_be_bytes());
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    Bytes::copy_from_slice(&bytes)
}
