//! HTTP/2 as it looks to whoever speaks it by hand.

use tonic::codegen::http::{Request, Version};

/// The first thing that a client of HTTP/2 says.
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Settings that change nothing.
pub const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// The head of a call of gRPC.
pub fn call(address: &str, path: &str) -> Request<()> {
    Request::builder()
        .version(Version::HTTP_2)
        .method("POST")
        .uri(format!("http://{address}{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .expect("good headers")
}
