/** What the API reads and responds with, by the console's own words: all of it is made of OpenAPI (clients/api.d.ts). */

import type { PageTicketLine, TicketLine } from "../../../api";

export type * from "../../../api";
export type {
  BesideTicket as Beside,
  CallToMake as Call,
  ClassOfTicket as TicketClass,
  DeliveryShown as Told,
  EmergencyCard as EmergencySheet,
  GuessShown as Guess,
  HandledShown as Handled,
  HistoryLine as Line,
  ListedCategory as Category,
  ListedPlace as Place,
  ListedStaff as Staff,
  ListedUnit as Unit,
  OfferedField as Field,
  QueueRow as Row,
  ShownAssisting as Assisting,
  ShownSuggestion as Suggestion,
  StaffTicket as Ticket,
  SupervisionOrder as Order,
} from "../../../api";

export type Page<T> = Omit<PageTicketLine, "items"> & { items: T[] };

/** Another ticket, and beside one the reason why it is shown. */
export type Similar = TicketLine & { reason?: string };
