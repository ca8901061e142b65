//! Disputes among real nodes in one process: opened, flagged, answered, closed; late, lied about, and killed at every
//! step.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "disputes/audited.rs"]
mod audited;
#[expect(dead_code, reason = "seeds, wires and lies are for others")]
#[path = "support/circle.rs"]
mod circle;
#[path = "disputes/clocks.rs"]
mod clocks;
#[path = "disputes/course.rs"]
mod course;
#[path = "disputes/held.rs"]
mod held;
#[path = "disputes/hostile.rs"]
mod hostile;
#[path = "disputes/killed.rs"]
mod killed;
#[path = "disputes/owned.rs"]
mod owned;
#[path = "support/person.rs"]
mod person;
#[path = "disputes/scene.rs"]
mod scene;
