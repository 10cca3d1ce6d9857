/* The views that the API answers with (contracts/*.py), as far as the pages read them. */

type Id = string;

interface Problem { type: string; title: string; status: number; detail: string; errors?: { pointer: string; detail: string }[]; [more: string]: any }

interface Member {
  id: Id; organisation_id: Id; email: string; name: string; role: string; clinic_ids: Id[]; language: string | null; version: number;
  state: 'invited' | 'active' | 'suspended' | 'removed'; second_factor: boolean; invited_until: string | null; created_at: string;
}
interface Clinic { id: Id; name: string }
interface Organisation {
  id: Id; name: string; plan: string; policy_version: number; zone: string; language: string; contact_phone: string | null;
  contact_email: string | null; process_note: string | null; whom_to_ask: string | null; setup_dismissed: boolean; second_step_for: string; clinics: Clinic[]; version: number;
}
interface OnDuty { id: Id; name: string; role: string; clinics: { clinic_id: Id; since: string }[] }
interface PlanPreview {
  plan_now: Plan; plan_then: Plan; rooms_suspended: RoomInPreview[]; rooms_restored: RoomInPreview[]; gained: string[]; lost: string[];
}
interface RoomInPreview { room_id: Id; name: string; waiting: number; in_call: number }
interface Plan {
  name: string; aliases: string[]; policy_version: number; meeting_rooms: number | null; meeting_rooms_renamed: boolean;
  waiting_area: boolean; first_rooms: string[];
}
interface Me { member: Member; organisation: Organisation; entitlements: { plan: Plan; meeting_rooms_used: number }; must_add_second_step: boolean }

interface Room {
  id: Id; kind: 'user' | 'meeting'; name: string; owner_member_id: Id | null; owner_gone?: boolean; clinic_id?: Id | null; link: string; locked: boolean;
  state: 'open' | 'suspended' | 'removed'; waiting: number; in_call: number; may_host: boolean; may_receive: boolean; may_rename: boolean;
  owner_gone: boolean; clinic_id: Id | null; settings: EffectiveSettings; created_at: string;
  version: number;
}

interface SessionTimes { local_start: string; zone: string; minutes: number; starts_at: string; ends_at: string; which?: 'first' | 'second' }
type Outcome = 'completed' | 'patient_absent' | 'clinician_absent' | 'left_without_being_seen' | 'technical_failure';
interface SessionOutcome {
  outcome: Outcome; by_evidence: Outcome; decided_at: string; arrived_at: string | null; admitted_at: string | null; host_came_at: string | null;
  left_at: string | null; correction: { outcome: Outcome; reason: string; member_id: Id; at: string } | null;
}
interface Session {
  id: Id; room_id: Id; title: string; planned: SessionTimes; host_member_ids: Id[]; invitation_id: Id | null;
  state: 'planned' | 'started' | 'finished' | 'cancelled'; outcome?: SessionOutcome | null; series_id?: Id | null; recurrence_id?: string | null; version: number;
}

interface Verdict { entry: string; address: string | null; name: string | null; accepted: boolean; reason: string | null }
interface Recipient {
  id: Id; address: string; name: string | null; delivery: 'queued' | 'taken' | 'refused' | 'failed'; delivery_detail: string | null; delivery_problem?: string | null;
  reported?: 'delivered' | 'delayed' | 'bounced' | null;
  link_revoked: boolean; opened: 'machine' | 'person' | null; opened_at: string | null; arrived_at: string | null;
  role?: GuestRole; for_recipient_id?: Id | null; attends?: string[] | null; removed_at?: string | null;
}
interface Invitation {
  id: Id; room_id: Id; session_id: Id | null; title: string; message: string; planned: SessionTimes | null; sender_name: string;
  recipients: Recipient[]; created_at: string;
}
interface SentInvitation { invitation: Invitation | null; verdicts: Verdict[] }

interface EntryField { key: string; label: string; kind: 'text' | 'choice' | 'date' | 'yes_no'; required: boolean; choices: string[] }
interface EntryAnswer { key: string; label: string; kind: EntryField['kind']; value: string }
interface RoomSettings {
  entry_fields: EntryField[]; consent_text: string; waiting_content: string; emergency_text: string; show_wait: boolean; order: "arrival" | "appointment"; largest_number: number; confirm_before_joining: boolean;
}
type SettingName = keyof RoomSettings;
type SettingLevel = 'default' | 'organisation' | 'clinic' | 'room';
interface EffectiveSettings extends RoomSettings {
  given_by: Record<SettingName, SettingLevel>; locked_by: Partial<Record<SettingName, SettingLevel>>;
}
type GivenSettings = { [Name in SettingName]: RoomSettings[Name] | null } & { locked: SettingName[] };
interface InheritedSettings { organisation: GivenSettings; clinics: (GivenSettings & { clinic_id: Id })[]; version: number }

interface DeviceTest { camera: boolean | null; microphone: boolean | null }
type GuestRole = 'client' | 'carer' | 'interpreter' | 'clinician';

interface Standing { at: string; by: 'arrival' | 'appointment' | 'moved_up' | 'acuity'; acuity?: 'routine' | 'soon' | 'urgent' | null; member_name?: string | null; reason?: string | null; moved_at?: string | null }
interface Opening { weekday: string; opens: string; closes: string }
interface WaitingArea {
  id: Id; clinic_id: Id; name: string; link: string; zone: string; hours: Opening[] | null; open: boolean; closed_by: 'hours' | 'suspended' | 'plan' | null;
  opens_at: string | null; closes_at: string | null; suspended: boolean; suspended_message: string; in_plan: boolean; entry_fields: EntryField[];
  consent_text: string; waiting_content: string; emergency_text: string; show_wait: boolean; order: "arrival" | "appointment"; attention_minutes: number; alert_minutes?: number; next_clinic_id?: Id | null; next_clinic_minutes?: number; waiting: number; may_change: boolean; may_suspend: boolean; version: number;
}
interface Caller {
  id: Id; into?: Id; standing?: Standing | null; area_id?: Id | null; clinic_id?: Id | null; room_id: Id; state: 'waiting' | 'admitted' | 'in_call' | 'left'; display_name: string; invited_name: string | null;
  name_differs: boolean; waiting_since: string; connected: boolean; moved_to_other_device?: boolean; invitation_id: Id | null;
  recipient_id: Id | null; session_id: Id | null; device_test: DeviceTest | null; admitted_by_name: string | null; admitted_at?: string | null;
  role?: GuestRole; for_recipient_id?: Id | null; end_reason: string | null; end_message: string | null; version: number;
  held?: { member_name: string; at: string } | null; transferred?: { member_name: string; to_name: string; at: string; previous_call_id: Id | null } | null;
  text_me?: { confirmed_at: string | null; kept_until: string | null; texted_at: string | null; number_ends: string | null } | null;
  acknowledged?: { member_name: string; at: string } | null; alerted?: { stage: 'on_duty' | 'next_site'; clinic_id: Id; told: number; at: string }[];
  messages?: Message[]; worse_at?: string | null; answers?: EntryAnswer[]; consent?: { version: string; accepted_at: string } | null;
}

interface Handover {
  id: Id; caller_id: Id; caller_name: string; call_id: Id | null; from_member_id: Id; from_name: string; from_room_id: Id; to_member_id: Id; to_name: string; to_room_id: Id;
  state: 'offered' | 'accepted' | 'completed' | 'declined' | 'withdrawn'; note: string; note_kept: boolean; decline_message: string | null;
  withdrawn_because: 'called_off' | 'ran_out' | 'caller_left' | 'moved' | 'held' | null; offered_at: string; due_at: string | null; over_at: string | null; version: number;
}
interface Message { id: Id; by: 'staff' | 'guest'; name: string; text: string; written_at: string }

interface Estimate { soonest_minutes: number; latest_minutes: number; sample: number }
interface Place { caller_id: Id; ahead: number; estimate: Estimate | null }

interface Participant {
  id: Id; display_name: string; role: 'host' | 'guest'; member_id: Id | null; caller_id: Id | null;
  state: 'seated' | 'connected' | 'reconnecting' | 'left'; joined_at: string; held?: boolean; muted?: ('audio' | 'video')[];
  hand_raised_at?: string | null;
}
interface Call {
  id: Id; room_id: Id; state: 'open' | 'ended'; placement?: number; started_at: string; participants: Participant[];
}
interface Seat { call_id: Id; participant_id: Id; node_id: string; placement?: number; role: 'host' | 'guest'; ice_servers: RTCIceServer[] }
interface OfferFrame {
  type: 'call.offer'; call_id: Id; participant_id: Id; offer_id: string; sdp: string;
  tracks: { mid: string; participant_id: Id; kind: 'audio' | 'video'; source: string }[];
}

interface Hello {
  role?: GuestRole; as?: string; sign_in_for?: string | null;
  room_name: string; organisation_name?: string; sender_name?: string | null; title?: string; message?: string;
  planned?: SessionTimes | null; invited_name?: string | null; language?: string | null; contact_phone?: string | null;
  contact_email?: string | null; room_kind?: string; entry_fields?: EntryField[]; consent_text?: string; consent_version?: string | null;
  waiting_content?: string; emergency_text?: string; return_url?: string | null; return_label?: string | null; closed_by?: 'hours' | 'suspended' | 'plan' | null; opens_at?: string | null; zone?: string | null; closed_message?: string;
  closed?: string[]; [more: string]: any;
}

interface Window { housecall: Record<string, any> }

interface ImportProblem { field: string; code: string; detail: string; value?: string }
interface ImportRow {
  line: number; email: string; name: string; role: string; clinics: string[]; will: string; changes: [string, string, string][]; problems: ImportProblem[];
}
interface ImportCheck { encoding: string; columns: string[]; ignored: string[]; counts: Record<string, number>; rows: ImportRow[] }
interface MemberImport {
  id: Id; state: 'running' | 'done'; total: number; done: number; counts: Record<string, number>; refused: { line: number; email: string; problems: ImportProblem[] }[];
}
interface Webhook {
  id: Id; url: string; description: string; types: string[]; format: 'cloudevents' | 'coviu'; order: 'subject' | 'none'; at_once: number; per_second: number | null;
  state: 'working' | 'failing' | 'parked'; parked_because: string | null; changed_state_at: string; last_taken_at: string | null; waiting: number;
  secrets: { id: Id; made_at: string }[]; created_at: string; version: number;
}
interface Delivery {
  id: Id; webhook_id: Id; message_id: string; event_id: Id; type: string; subject: string; state: 'waiting' | 'delivered' | 'set_aside'; body: string; made_at: string; next_try_at: string | null;
  attempts: { at: string; seconds: number; status: number | null; problem: string | null; answer: string | null; sent_headers: Record<string, string>; sent_bytes: number }[];
}
interface ApiClient {
  id: Id; name: string; scopes: string[]; clinic_ids: Id[]; secrets: { id: Id; made_at: string; last_used_at: string | null }[]; made_by: Id; made_by_name: string | null; created_at: string; version: number;
}
interface DirectoryToken {
  id: Id; name: string; invite: boolean; default_role: string; role_groups: Record<string, string>; made_by: string; created_at: string; last_used_at: string | null;
}
