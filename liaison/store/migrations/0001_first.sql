-- The first schema. Frozen: never edit a file that has shipped; add the next number.

CREATE TABLE context (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    home TEXT NOT NULL,
    root BLOB NOT NULL,
    tag INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    derived TEXT NOT NULL
) STRICT;

CREATE TABLE replica (
    tag INTEGER PRIMARY KEY,
    pc INTEGER NOT NULL,
    incarnation INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    segment_seq INTEGER NOT NULL,
    segment_hash BLOB NOT NULL,
    unit_open INTEGER NOT NULL
) STRICT;

CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    person INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    batch INTEGER,
    hash BLOB NOT NULL,
    signature BLOB NOT NULL,
    last INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX unit_chain ON unit (tag, seq);

CREATE INDEX unit_batch ON unit (batch) WHERE batch IS NOT NULL;

CREATE TABLE change (
    stamp INTEGER PRIMARY KEY,
    unit INTEGER NOT NULL,
    type TEXT NOT NULL,
    rec INTEGER NOT NULL,
    op TEXT NOT NULL,
    fields TEXT,
    over TEXT NOT NULL,
    salt BLOB,
    digest BLOB NOT NULL
) STRICT;

CREATE INDEX change_rec ON change (rec, stamp);

CREATE TABLE field_version (
    rec INTEGER,
    field TEXT,
    stamp INTEGER,
    PRIMARY KEY (rec, field, stamp)
) STRICT, WITHOUT ROWID;

CREATE TABLE superseded (
    rec INTEGER,
    field TEXT,
    stamp INTEGER,
    PRIMARY KEY (rec, field, stamp)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    first_unit INTEGER NOT NULL,
    last_unit INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    sent TEXT
) STRICT;

CREATE TABLE waiting (
    id INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX waiting_place ON waiting (tag, seq);

CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    tag INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE blob (
    id TEXT PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    person INTEGER,
    place TEXT,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (person, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE ods_reference (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT,
    postcode TEXT,
    phone TEXT,
    status TEXT,
    kind TEXT,
    opened TEXT,
    closed TEXT,
    commissioner TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE window_state (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE "attachment" (
    "id" INTEGER PRIMARY KEY,
    "owner_type" TEXT,
    "owner_id" TEXT,
    "name" TEXT,
    "media_type" TEXT,
    "size" INTEGER,
    "sha256" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "person" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "role" TEXT,
    "staff" INTEGER,
    "until" TEXT,
    "suspended" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "pc" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "joined_at" TEXT,
    "removed_at" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "access_event" (
    "id" INTEGER PRIMARY KEY,
    "at" TEXT,
    "kind" TEXT,
    "subject_type" TEXT,
    "subject_id" TEXT,
    "detail" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "framework_tag" (
    "id" INTEGER PRIMARY KEY,
    "record_type" TEXT,
    "record_id" TEXT,
    "framework" TEXT,
    "item" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "visit" (
    "id" INTEGER PRIMARY KEY,
    "status" TEXT,
    "at" TEXT,
    "kind" TEXT,
    "urgency" TEXT,
    "professional" INTEGER,
    "organisation" INTEGER,
    "others_present" TEXT,
    "requested_at" TEXT,
    "left_at" TEXT,
    "id_checked" INTEGER,
    "reason" TEXT,
    "round" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "visit_entry" (
    "id" INTEGER PRIMARY KEY,
    "visit" INTEGER,
    "resident" INTEGER,
    "raised" TEXT,
    "found" TEXT,
    "plan_changed" TEXT,
    "medicines_changed" INTEGER,
    "pharmacy_told" INTEGER,
    "family_informed" TEXT,
    "voice" TEXT,
    "moved_from" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "action" (
    "id" INTEGER PRIMARY KEY,
    "what" TEXT,
    "kind" TEXT,
    "resident" INTEGER,
    "owner_staff" INTEGER,
    "owner_contact" INTEGER,
    "due" TEXT,
    "done_at" TEXT,
    "outcome" TEXT,
    "source_type" TEXT,
    "source_id" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "concern" (
    "id" INTEGER PRIMARY KEY,
    "kind" TEXT,
    "resident" INTEGER,
    "raised_by" INTEGER,
    "raised_at" TEXT,
    "situation" TEXT,
    "background" TEXT,
    "assessment" TEXT,
    "asking" TEXT,
    "urgency" TEXT,
    "route" TEXT,
    "routed_to" INTEGER,
    "answer" TEXT,
    "answered_by" TEXT,
    "answered_at" TEXT,
    "acknowledged_at" TEXT,
    "outcome" TEXT,
    "closed_at" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "series" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "professional" INTEGER,
    "organisation" INTEGER,
    "every" TEXT,
    "weekday" INTEGER,
    "start_time" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "round" (
    "id" INTEGER PRIMARY KEY,
    "series" INTEGER,
    "at" TEXT,
    "status" TEXT,
    "attendees" TEXT,
    "minutes" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "agenda_line" (
    "id" INTEGER PRIMARY KEY,
    "round" INTEGER,
    "resident" INTEGER,
    "source_type" TEXT,
    "source_id" TEXT,
    "question" TEXT,
    "position" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "agenda_outcome" (
    "id" INTEGER PRIMARY KEY,
    "line" INTEGER,
    "outcome" TEXT,
    "carried" INTEGER,
    "carried_to" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "referral" (
    "id" INTEGER PRIMARY KEY,
    "resident" INTEGER,
    "organisation" INTEGER,
    "contact" INTEGER,
    "sent" TEXT,
    "reason" TEXT,
    "route" TEXT,
    "acknowledged" TEXT,
    "first_seen" TEXT,
    "closed_on" TEXT,
    "outcome" TEXT,
    "parent" INTEGER,
    "next_chase" TEXT,
    "threshold_days" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "chase" (
    "id" INTEGER PRIMARY KEY,
    "referral" INTEGER,
    "at" TEXT,
    "how" TEXT,
    "spoke_to" TEXT,
    "result" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "transfer" (
    "id" INTEGER PRIMARY KEY,
    "resident" INTEGER,
    "direction" TEXT,
    "at" TEXT,
    "place" INTEGER,
    "ward" TEXT,
    "planned" INTEGER,
    "cause" TEXT,
    "end_of_life" INTEGER,
    "summary" TEXT,
    "medicines" TEXT,
    "equipment" TEXT,
    "transport" TEXT,
    "rang_us" TEXT,
    "problems" TEXT,
    "reviewed_on" TEXT,
    "review" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "appointment" (
    "id" INTEGER PRIMARY KEY,
    "resident" INTEGER,
    "at" TEXT,
    "place" INTEGER,
    "purpose" TEXT,
    "escort" INTEGER,
    "transport" TEXT,
    "status" TEXT,
    "outcome" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "equipment_loan" (
    "id" INTEGER PRIMARY KEY,
    "resident" INTEGER,
    "what" TEXT,
    "supplier" INTEGER,
    "requested_on" TEXT,
    "arrived_on" TEXT,
    "next_check" TEXT,
    "returned_on" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "organisation" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "kind" TEXT,
    "ods_code" TEXT,
    "parent" INTEGER,
    "address" TEXT,
    "postcode" TEXT,
    "phone" TEXT,
    "phone_out_of_hours" TEXT,
    "email" TEXT,
    "website" TEXT,
    "opening_hours" TEXT,
    "criteria" TEXT,
    "how_to_refer" TEXT,
    "typical_wait_days" INTEGER,
    "status" TEXT,
    "last_checked" TEXT,
    "private_notes" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "organisation_offers" (
    "id" INTEGER PRIMARY KEY,
    "owner" INTEGER,
    "value" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "organisation_former_names" (
    "id" INTEGER PRIMARY KEY,
    "owner" INTEGER,
    "value" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "contact" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "phone" TEXT,
    "mobile" TEXT,
    "email" TEXT,
    "best_time" TEXT,
    "cover" TEXT,
    "deputy" INTEGER,
    "named_link" INTEGER,
    "last_checked" TEXT,
    "private_notes" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "contact_ask_about" (
    "id" INTEGER PRIMARY KEY,
    "owner" INTEGER,
    "value" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "post" (
    "id" INTEGER PRIMARY KEY,
    "contact" INTEGER,
    "role" TEXT,
    "organisation" INTEGER,
    "since" TEXT,
    "until" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "service" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "synonyms" TEXT,
    "explanation" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "contact_attempt" (
    "id" INTEGER PRIMARY KEY,
    "at" TEXT,
    "contact" INTEGER,
    "organisation" INTEGER,
    "resident" INTEGER,
    "how" TEXT,
    "waited" INTEGER,
    "reached" INTEGER,
    "note" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "term" (
    "id" INTEGER PRIMARY KEY,
    "abbreviation" TEXT,
    "meaning" TEXT,
    "explanation" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "vocabulary_item" (
    "id" INTEGER PRIMARY KEY,
    "vocabulary" TEXT,
    "value" TEXT,
    "label" TEXT,
    "position" INTEGER,
    "retired" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "home" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "address" TEXT,
    "postcode" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "cqc_location" TEXT,
    "workforce_reference" TEXT,
    "beds" INTEGER,
    "practice" INTEGER,
    "hours_from" TEXT,
    "hours_to" TEXT,
    "review_working_days" INTEGER,
    "stale_months" INTEGER,
    "due_soon_days" INTEGER,
    "carried_alert" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "resident" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "known_as" TEXT,
    "room" TEXT,
    "date_of_birth" TEXT,
    "nhs_number" TEXT,
    "practice" INTEGER,
    "gp" INTEGER,
    "gp_choice" TEXT,
    "named_nurse" INTEGER,
    "key_worker" INTEGER,
    "stay" TEXT,
    "moved_in" TEXT,
    "left_on" TEXT,
    "left_reason" TEXT,
    "next_of_kin" TEXT,
    "next_of_kin_phone" TEXT,
    "attorney" TEXT,
    "sharing_consent" TEXT,
    "allergies" TEXT,
    "dnacpr" TEXT,
    "care_plan_place" TEXT,
    "dols_expires" TEXT,
    "what_matters" TEXT,
    "alerts" TEXT,
    "review_every_days" INTEGER,
    "last_reviewed" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "staff" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "job_role" TEXT,
    "team" TEXT,
    "started" TEXT,
    "left_on" TEXT,
    "manager" INTEGER,
    "worker_reference" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "nmc_pin" TEXT,
    "nmc_expires" TEXT,
    "dbs_checked" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "staff_lead_roles" (
    "id" INTEGER PRIMARY KEY,
    "owner" INTEGER,
    "value" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "course" (
    "id" INTEGER PRIMARY KEY,
    "name" TEXT,
    "category" TEXT,
    "refresh_months" INTEGER,
    "kind" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "course_satisfies" (
    "id" INTEGER PRIMARY KEY,
    "owner" INTEGER,
    "value" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "requirement" (
    "id" INTEGER PRIMARY KEY,
    "course" INTEGER,
    "job_role" TEXT,
    "since" TEXT,
    "grace_days" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "exemption" (
    "id" INTEGER PRIMARY KEY,
    "staff" INTEGER,
    "course" INTEGER,
    "reason" TEXT,
    "until" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "job_held" (
    "id" INTEGER PRIMARY KEY,
    "staff" INTEGER,
    "job_role" TEXT,
    "since" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "session" (
    "id" INTEGER PRIMARY KEY,
    "course" INTEGER,
    "at" TEXT,
    "status" TEXT,
    "teacher_contact" INTEGER,
    "teacher_staff" INTEGER,
    "organisation" INTEGER,
    "delivery" TEXT,
    "on_site" INTEGER,
    "place" TEXT,
    "length" INTEGER,
    "cost" INTEGER,
    "capacity" INTEGER,
    "cascaded_from" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "attendance" (
    "id" INTEGER PRIMARY KEY,
    "session" INTEGER,
    "staff" INTEGER,
    "status" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "training_record" (
    "id" INTEGER PRIMARY KEY,
    "staff" INTEGER,
    "course" INTEGER,
    "completed" TEXT,
    "expires" TEXT,
    "session" INTEGER,
    "taught_by" TEXT,
    "accredited" TEXT,
    "delivered_by" TEXT,
    "delivery" TEXT,
    "notes" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "competency" (
    "id" INTEGER PRIMARY KEY,
    "staff" INTEGER,
    "skill" TEXT,
    "level" TEXT,
    "assessed_on" TEXT,
    "assessor_contact" INTEGER,
    "assessor_staff" INTEGER,
    "review_due" TEXT,
    "delegated" INTEGER,
    "resident" INTEGER,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;

CREATE TABLE "supervision" (
    "id" INTEGER PRIMARY KEY,
    "staff" INTEGER,
    "kind" TEXT,
    "planned" TEXT,
    "done" TEXT,
    "next_due" TEXT,
    "notes" TEXT,
    "archived" INTEGER,
    "struck_reason" TEXT,
    "merged_into" INTEGER
) STRICT;
