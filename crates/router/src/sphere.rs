//! The globe as a unit sphere, on which nearness needs no special case at poles or the date line.

use ledger::words::Position;

/// The mean radius of the earth (IUGG), in metres.
const EARTH_METRES: f64 = 6_371_008.8;

/// A point of the unit sphere.
pub type Point = [f64; 3];

/// The point of a position.
pub fn point(position: Position) -> Point {
    let (latitude, longitude) = (radians(position.latitude_e6), radians(position.longitude_e6));
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

fn radians(degrees_e6: i32) -> f64 {
    (f64::from(degrees_e6) / 1e6).to_radians()
}

/// Metres along the surface for the square of a straight line through the sphere.
pub fn metres(chord_squared: f64) -> u32 {
    let half = (chord_squared.max(0.0).sqrt() / 2.0).min(1.0);
    (2.0 * half.asin() * EARTH_METRES).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_globe() {
        #[track_caller]
        fn check(from: (i32, i32), to: (i32, i32), expected: u32, tolerance: u32) {
            let at = |(latitude_e6, longitude_e6)| point(Position { latitude_e6, longitude_e6 });
            let (a, b) = (at(from), at(to));
            let squared = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
            assert!(metres(squared).abs_diff(expected) <= tolerance, "{}", metres(squared));
        }
        check((19_432_608, -99_133_208), (19_432_608, -99_133_208), 0, 0);
        // Mexico City to Guadalajara, and to Tijuana.
        check((19_432_608, -99_133_208), (20_666_820, -103_391_820), 464_500, 5_000);
        check((19_432_608, -99_133_208), (32_533_489, -117_018_204), 2_304_000, 10_000);
        // Across the date line it is near.
        check((0, 179_999_000), (0, -179_999_000), 222, 2);
        // The other side of the earth.
        check((0, 0), (0, 180_000_000), 20_015_115, 100);
    }
}
