import type { DeletionEvent } from "../../actions/deletion-events.ts";
import type { DomainEvent } from "../../providers/account/domains.ts";
import type { SiteEvent } from "../../providers/account/sites.ts";

export type OutsideEvent = DomainEvent | SiteEvent | DeletionEvent;

const types = new Set([
  "certificate",
  "domain-record",
  "custom-domain",
  "site-file",
  "site-invalidation",
  "bucket-emptied",
  "deleted",
  "images-deleted",
]);

/** Whether an event is about what belongs to no stack. */
export function isOutsideEvent(event: { type: string }): event is OutsideEvent {
  return types.has(event.type);
}

/** What is said of it. */
export function outsideEventLine(event: OutsideEvent): string {
  switch (event.type) {
    case "certificate":
      return `certificate for ${event.names[0] ?? event.arn}: ${certificateWords[event.action]}`;
    case "domain-record":
      return `record ${event.name} ${event.recordType}: ${recordWords[event.action](event.value)}`;
    case "custom-domain":
      return `name ${event.name}: ${event.action}${event.status === "" ? "" : ` (${event.status})`}`;
    case "site-file":
      return `file ${event.key}: ${event.action}`;
    case "site-invalidation":
      return `CloudFront ${event.distributionId}: ${invalidationWords[event.action]}`;
    case "bucket-emptied":
      return `bucket ${event.bucket}: ${event.objects} objects deleted`;
    case "deleted": {
      const { what, env, name } = event;
      return env === undefined ? `deleted the ${what} ${name}` : `deleted the ${what} ${name} from ${env}`;
    }
    case "images-deleted":
      return `repository ${event.repository} in ${event.region}: ${event.images} images deleted`;
  }
}

const certificateWords = {
  requested: "requested",
  waiting: "waiting until Amazon has seen its records",
  issued: "issued",
  deleted: "deleted",
  "in-use": "not deleted, something still uses it",
};

const recordWords = {
  written: (value: string) => `written, leads to ${value}`,
  removed: (value: string) => `removed, led to ${value}`,
  elsewhere: (value: string) => `leads to ${value} and stays; remove it if it is to lead here`,
  "no-zone": (value: string) => `not below the application's domain; let it lead to ${value}`,
};

const invalidationWords = {
  started: "forgetting what it kept",
  completed: "has forgotten what it kept",
  waiting: "still forgetting what it kept, and goes on by itself",
};
