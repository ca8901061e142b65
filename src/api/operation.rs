//! What an operation of the interface takes, gives and needs.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::model::leaf::Access;
use crate::model::user::Right;

/// A file as it is.
pub(super) const BYTES: &str = "application/octet-stream";

/// What a caller needs for an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// This right.
    Right(Right),
    /// To be known.
    Anyone,
    /// To come in by the node's own socket.
    Socket,
}

/// Makes the schema of a type.
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What a success gives.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    /// JSON.
    Json(Shape),
    /// Something else, by its media type.
    Bytes(&'static str),
}

/// One operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) need: Need,
    /// What is read of a client with a reply that is given again, which no handler logs; none where it says nothing of one.
    pub(super) access: Option<Access>,
    pub(super) summary: &'static str,
    /// Parameters of the query.
    pub(super) query: &'static [Parameter],
    /// The body: JSON, or a file as it is.
    pub(super) body: Option<Gives>,
    pub(super) status: u16,
    pub(super) gives: Gives,
    /// Members of the reply that are shown this once, and kept by nobody but the caller.
    pub(super) shown_once: &'static [&'static str],
}

/// A parameter of a query.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) about: &'static str,
    pub(super) is_needed: bool,
}

pub(super) const fn parameter(name: &'static str, shape: Shape, about: &'static str) -> Parameter {
    Parameter { name, shape, about, is_needed: false }
}

impl Parameter {
    pub(super) const fn needed(mut self) -> Self {
        self.is_needed = true;
        self
    }
}

pub(super) fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

pub(super) const fn get(path: &'static str, need: Need, summary: &'static str, gives: Gives) -> Operation {
    Operation {
        method: "GET",
        path,
        need,
        access: None,
        summary,
        query: &[],
        body: None,
        status: 200,
        gives,
        shown_once: &[],
    }
}

pub(super) const fn post(
    path: &'static str,
    need: Need,
    summary: &'static str,
    body: Shape,
    gives: Gives,
) -> Operation {
    Operation { method: "POST", body: Some(Gives::Json(body)), ..get(path, need, summary, gives) }
}

impl Operation {
    /// Whether it is a POST that takes JSON and gives JSON.
    pub(super) fn takes_json(&self) -> bool {
        let is_file = matches!(self.body, Some(Gives::Bytes(_)));
        self.method == "POST" && !is_file && matches!(self.gives, Gives::Json(_))
    }

    pub(super) const fn creates(mut self) -> Self {
        self.status = 201;
        self
    }

    pub(super) const fn reads(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    pub(super) const fn shows_once(mut self, members: &'static [&'static str]) -> Self {
        self.shown_once = members;
        self
    }

    pub(super) const fn asked(mut self, query: &'static [Parameter]) -> Self {
        self.query = query;
        self
    }

    pub(super) const fn without_body(mut self) -> Self {
        self.body = None;
        self
    }

    pub(super) const fn of_file(mut self) -> Self {
        self.body = Some(Gives::Bytes(BYTES));
        self
    }
}

pub(super) const fn json<T: JsonSchema>() -> Gives {
    Gives::Json(shape::<T>)
}
