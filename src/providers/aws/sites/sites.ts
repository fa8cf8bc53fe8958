import type { Sites } from "../../account/sites.ts";
import { type Paces, usualPaces } from "../domains/poll.ts";
import type { AwsSession } from "../session.ts";

/** Files of sites. What speaks to AWS is loaded when it is used. */
export function createSites(session: AwsSession, paces: Paces = usualPaces): Sites {
  return {
    async *publish(request, signal) {
      return yield* (await import("./publish-site.ts")).publishSite(request, { session, paces }, signal);
    },
    async *empty(request, signal) {
      yield* (await import("./empty-bucket.ts")).emptyBucket(request, session, signal);
    },
  };
}
