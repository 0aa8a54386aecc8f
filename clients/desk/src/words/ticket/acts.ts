/** Forms of acts as the server declares them: how one begins, what is missing, what is sent. No act is named here. */

import type { Offered } from "../../../../routes";
import type { Field, Offer, Ticket } from "../../api/types";

export type Form = Record<string, any>;

/** What may be done now, in the order of the server, so that a button never jumps about. */
export function offersNow(ticket: Ticket | null): Offer[] {
  return (ticket?.offers ?? []).filter((offer) => offer.now);
}

export function offerOf(ticket: Ticket | null, name: string): Offer | undefined {
  return offersNow(ticket).find((offer) => offer.name === name);
}

/** What is offered beside what it is about, and not among the other acts. */
export function shownOn(ticket: Ticket | null, card: Offer["card"]): Offer[] {
  return offersNow(ticket).filter((offer) => offer.card === card);
}

/** What cannot be done yet, and why: 结案：还不能结案，还要工作站回访. */
export function heldUp(ticket: Ticket | null): { label: string; words: string }[] {
  const waiting = (ticket?.offers ?? []).filter(
    (offer) => !offer.now && offer.step && offer.needs.some((need) => !need.field),
  );
  return waiting.map((offer) => ({ label: offer.label, words: offer.needs.map((need) => need.words).join("；") }));
}

/** Of its button. */
export function toneOf(act: Pick<Offer, "tone">): "primary" | "danger" | undefined {
  return (act.tone || undefined) as "primary" | "danger" | undefined;
}

export function pathOf(offer: Offer, ticketId: string): Offered {
  return `/${offer.path}/tickets/${ticketId}/${offer.sends}` as Offered;
}

export function emptyForm(offer: Offer): Form {
  return Object.fromEntries(offer.fields.map((field) => [field.name, field.initial ?? emptyOf(field)]));
}

function emptyOf(field: Field): unknown {
  if (LISTS.has(field.kind)) return [];
  return TEXTS.has(field.kind) ? "" : null;
}

const LISTS = new Set(["photos", "parties", "matters", "weekdays", "tickets", "chosen"]);
const NOT_SENT = new Set(["parties", "weekdays"]); // empty
const TEXTS = new Set(["line", "area"]);

/** The body as the API wants it: what was left open is not sent. */
export function bodyOf(offer: Offer, form: Form): Form {
  const given = offer.fields
    .map((field) => [field, form[field.name]] as const)
    .filter(([field, value]) => value !== null && value !== undefined && !(NOT_SENT.has(field.kind) && isEmpty(value)))
    .map(([field, value]) => [field.name, typeof value === "string" ? value.trim() : value]);
  return { ...Object.fromEntries(given), ...offer.sent };
}

/** Whether a field must be filled in, with what else stands in the form. */
export function isRequired(offer: Offer, field: Field, form: Form): boolean {
  const conditions = Object.entries(field.required_if);
  const wanted = conditions.length > 0 && conditions.every(([name, value]) => form[name] === value);
  return field.required || wanted || offer.needs.some((need) => need.field === field.name);
}

/** What is missing, by field; empty when it may be sent. The server checks again. */
export function missingIn(offer: Offer, form: Form): Record<string, string> {
  const found = offer.fields.map((field) => [field.name, lackOf(offer, field, form)] as const);
  return Object.fromEntries(found.filter(([, words]) => words));
}

function lackOf(offer: Offer, field: Field, form: Form): string {
  const value = typeof form[field.name] === "string" ? form[field.name].trim() : form[field.name];
  if (field.kind === "matters")
    return areMatters(field, value) ? "" : `请写${field.least}件到${field.most}件，每件都要有题目和内容`;
  if (isEmpty(value)) return isRequired(offer, field, form) ? lackInWords(offer, field) : "";
  const least = field.kind === "area" ? 2 : field.least;
  return TEXTS.has(field.kind) && value.length < least ? `至少写${least}个字` : "";
}

function lackInWords(offer: Offer, field: Field): string {
  const need = offer.needs.find((each) => each.field === field.name);
  if (need) return need.words;
  return !field.required && field.hint ? field.hint : `请填写${field.label}`;
}

export interface Matter {
  title: string;
  text: string;
  /** Which of the report's photos show it; the first keeps them all. */
  photos?: string[];
}

function areMatters(field: Field, given: unknown): boolean {
  const matters = Array.isArray(given) ? (given as Matter[]) : [];
  const said = matters.filter((each) => each.title.trim().length >= 2 && each.text.trim().length >= 2);
  return (
    said.length === matters.length && matters.length >= field.least && matters.length <= (field.most ?? matters.length)
  );
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
