//! Which servers to ask.

use super::error::ClientError;
use crate::configuration;
use std::path::Path;
use tonic::codegen::http::Uri;

/// The servers of `cluster/three`, which everybody who only tries things out has.
pub const DEFAULT_ENDPOINTS: &str = "127.0.0.1:7401,127.0.0.1:7402,127.0.0.1:7403";

/// The servers that a setting names: `host:port` separated by commas, or a `cluster.toml`.
///
/// # Errors
/// The file cannot be read or names nobody; an address is none.
pub fn endpoints(setting: &str) -> Result<Vec<String>, ClientError> {
    let named: Vec<String> = if setting.ends_with(".toml") {
        let cluster = configuration::read_cluster(Path::new(setting))?;
        cluster.members.iter().map(|member| member.address.to_string()).collect()
    } else {
        setting.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Into::into).collect()
    };
    if named.is_empty() {
        return Err(ClientError::NoEndpoints { setting: setting.to_owned() });
    }
    for address in &named {
        let whole = format!("http://{address}");
        let uri: Option<Uri> = whole.parse().ok();
        if uri.is_none_or(|uri| uri.port().is_none() || uri.path() != "/") {
            return Err(ClientError::BadEndpoint { address: address.clone() });
        }
    }
    Ok(named)
}
