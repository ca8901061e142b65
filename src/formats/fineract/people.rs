//! Clients, their identifiers, and the members of groups. Names are never read.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::json;
use crate::formats::mapping::word;

/// One document of a client.
pub(super) struct Document {
    /// Name and id of its type, as words.
    pub(super) kinds: [String; 2],
    pub(super) key: Zeroizing<String>,
}

/// What is kept of a client.
#[derive(Default)]
pub(super) struct Client {
    pub(super) mobile: Option<Zeroizing<String>>,
    pub(super) external_id: Option<Zeroizing<String>>,
    pub(super) office: Option<String>,
    pub(super) documents: Vec<Document>,
}

/// The people of a file, by the API's own ids.
#[derive(Default)]
pub(super) struct People {
    clients: HashMap<String, Client>,
    groups: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct ClientJson<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "mobileNo")]
    mobile: Option<&'a RawValue>,
    #[serde(borrow, rename = "externalId")]
    external_id: Option<&'a RawValue>,
    #[serde(borrow, rename = "officeName")]
    office: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct IdentifierJson<'a> {
    #[serde(borrow, rename = "clientId")]
    client: Option<&'a RawValue>,
    #[serde(borrow, rename = "documentType")]
    kind: Option<KindJson<'a>>,
    #[serde(borrow, rename = "documentKey")]
    key: Option<&'a RawValue>,
    #[serde(borrow)]
    status: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct KindJson<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    name: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct GroupJson<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow, rename = "clientMembers", default)]
    members: Vec<ClientJson<'a>>,
}

fn text(json: Option<&RawValue>) -> Option<String> {
    json::text(json).ok().flatten()
}

impl People {
    /// A client of the file; `None` if the file has nothing about it.
    pub(super) fn get(&self, id: &str) -> Option<&Client> {
        self.clients.get(id)
    }

    /// Members of a group.
    pub(super) fn members(&self, group: &str) -> Option<&[String]> {
        self.groups.get(group).map(Vec::as_slice)
    }

    // What is no client, identifier or group of the documented shape is left out: a loan that needs it says so.

    pub(super) fn client(&mut self, json: &RawValue) {
        if let Ok(client) = serde_json::from_str::<ClientJson<'_>>(json.get()) {
            self.add_client(&client);
        }
    }

    fn add_client(&mut self, json: &ClientJson<'_>) -> Option<String> {
        let id = text(json.id)?;
        let client = self.clients.entry(id.clone()).or_default();
        // A group's list of members says less about a client than the list of clients.
        client.mobile = text(json.mobile).map(Into::into).or(client.mobile.take());
        client.external_id = text(json.external_id).map(Into::into).or(client.external_id.take());
        client.office = text(json.office).or(client.office.take());
        Some(id)
    }

    pub(super) fn identifier(&mut self, json: &RawValue) {
        let Ok(identifier) = serde_json::from_str::<IdentifierJson<'_>>(json.get()) else { return };
        let (Some(client), Some(kind), Some(key)) =
            (text(identifier.client), identifier.kind, text(identifier.key))
        else {
            return;
        };
        // A document that was withdrawn keeps its number and loses its standing.
        if text(identifier.status).is_some_and(|status| status.to_ascii_lowercase().ends_with("inactive")) {
            return;
        }
        let kinds = [kind.name, kind.id].map(|kind| word(&text(kind).unwrap_or_default()));
        self.clients.entry(client).or_default().documents.push(Document { kinds, key: key.into() });
    }

    pub(super) fn group(&mut self, json: &RawValue) {
        let Ok(group) = serde_json::from_str::<GroupJson<'_>>(json.get()) else { return };
        let Some(id) = text(group.id) else { return };
        let members = group.members.iter().filter_map(|member| self.add_client(member)).collect();
        self.groups.insert(id, members);
    }
}
