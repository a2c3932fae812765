//! Where services stand, by class.

use crate::need::{Class, Kind};
use crate::sphere::{self, Point};
use ledger::View;
use ledger::words::{FacilityStatus, Position, Revision, ServiceId, ServiceStatus};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use std::collections::BTreeMap;

/// Where open services stand. It follows the catalogue, which changes rarely; what is free is read
/// from the view.
#[derive(Debug, Default)]
pub struct Atlas {
    revision: Revision,
    classes: BTreeMap<Class, RTree<Pin>>,
    /// Services that were closed when the atlas was drawn, by class.
    closed: BTreeMap<Class, u32>,
}

/// A service on the map.
#[derive(Clone, Copy, Debug)]
struct Pin {
    at: Point,
    service: ServiceId,
}

impl RTreeObject for Pin {
    type Envelope = AABB<Point>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Pin {
    fn distance_2(&self, point: &Point) -> f64 {
        self.at.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum()
    }
}

impl Atlas {
    /// Draws the map of a view's catalogue.
    #[must_use]
    pub fn draw(view: &View) -> Self {
        let mut pins: BTreeMap<Class, Vec<Pin>> = BTreeMap::new();
        let mut closed: BTreeMap<Class, u32> = BTreeMap::new();
        for (id, service) in view.services_from(ServiceId(0)) {
            let class = Class::of_service(service.kind);
            let facility = view.facility(service.facility);
            let open = facility.filter(|facility| {
                facility.status == FacilityStatus::Open && service.status == ServiceStatus::Open
            });
            if let Some(facility) = open {
                let at = sphere::point(facility.profile.position);
                pins.entry(class).or_default().push(Pin { at, service: id });
            } else {
                *closed.entry(class).or_default() += 1;
            }
        }
        let classes = pins.into_iter().map(|(class, pins)| (class, RTree::bulk_load(pins)));
        Self { revision: view.catalogue_revision(), classes: classes.collect(), closed }
    }

    /// The catalogue's revision it was drawn from; to be drawn again when the view's is another.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Services that may meet a need of this kind, nearest first and lazily, with the distance in
    /// metres; in no particular order, and without distances, from nowhere.
    pub(crate) fn services(
        &self,
        kind: Kind,
        near: Option<Position>,
    ) -> Box<dyn Iterator<Item = (ServiceId, Option<u32>)> + '_> {
        let Some(tree) = self.classes.get(&Class::of_need(kind)) else {
            return Box::new(std::iter::empty());
        };
        match near {
            Some(position) => {
                let nearest = tree.nearest_neighbor_iter_with_distance_2(sphere::point(position));
                Box::new(nearest.map(|(pin, squared)| (pin.service, Some(sphere::metres(squared)))))
            }
            None => Box::new(tree.iter().map(|pin| (pin.service, None))),
        }
    }

    /// Services of the kind that were closed.
    pub(crate) fn closed(&self, kind: Kind) -> u32 {
        self.closed.get(&Class::of_need(kind)).copied().unwrap_or_default()
    }
}
