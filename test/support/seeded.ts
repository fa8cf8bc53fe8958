import fc from "fast-check";

/** Property tests draw the same cases in every run, so that a change is judged by itself; `PILOTFISH_SEED=random` draws
 *  others, and a number those of that seed. */
const asked = process.env["PILOTFISH_SEED"] ?? "1";
if (asked !== "random") fc.configureGlobal({ seed: Number(asked) });
