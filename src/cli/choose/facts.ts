import {
  type ApplicationFacts,
  readApplicationFacts,
  readFacts,
  type StackFacts,
  type Tell,
} from "../../actions/read-facts.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Account } from "../../providers/account.ts";
import type { Context } from "../context.ts";
import { text, toggle } from "../flags.ts";
import { renderDiagnostics } from "../render/diagnostics.ts";
import { paint } from "../render/paint.ts";

/** The flags of commands that print a template. */
export const packageFlags = {
  facts: text({
    name: "facts",
    value: "FILE",
    description: "What is known of the account and the environment, in the place of asking AWS.",
    completes: "file",
  }),
  outputDir: text({
    name: "output-dir",
    value: "DIR",
    description: "Write the template and its parameters into this folder.",
    completes: "file",
  }),
};

/** For what names files or images that AWS is to have. */
export const uploadFlag = {
  uploadAssets: toggle({
    name: "upload-assets",
    description: "Upload files and push images to AWS first, so that the template can be deployed as it is.",
  }),
};

/** What does not go with uploading. */
export const uploadExclusive: [string, string][] = [
  ["uploadAssets", "facts"],
  ["uploadAssets", "diff"],
  ["uploadAssets", "diffAgainst"],
];

/** What is known of the account and the environment: from a file, or else asked of AWS.
 *  @throws UserError facts/invalid, and whatever asking throws */
export async function chooseFacts(
  file: string | undefined,
  context: Context,
  ask: (account: Account) => Promise<StackFacts>,
): Promise<StackFacts> {
  if (file !== undefined) return readFacts(file, context.host.cwd, telling(context));
  return askAws(ask, context);
}

/** A simulated environment has no stack of which AWS could know anything. @throws UserError usage/missing-input */
export function refuseToAskOf(env: string, file: string | undefined, { commandLine }: Context): void {
  if (env !== "local" || file !== undefined) return;
  const message = "--facts is needed: local is simulated on this machine, and AWS knows nothing of it";
  throw new UserError("usage/missing-input", message, { hint: shellLine([...commandLine, "--facts", "facts.json"]) });
}

/** What is known of the application: from a file, or else asked of AWS; one that is not there yet is in the account of the
 *  credentials. @throws UserError facts/invalid, aws/* */
export async function chooseApplicationFacts(
  file: string | undefined,
  context: Context,
  ask: (account: Account) => Promise<ApplicationFacts | undefined>,
): Promise<ApplicationFacts> {
  if (file !== undefined) return readApplicationFacts(file, context.host.cwd, telling(context));
  return askAws(async (aws) => {
    const known = await ask(aws);
    if (known !== undefined) return known;
    const { account, region, partition } = await aws.identity();
    return { account, region, partition };
  }, context);
}

function telling({ say, color }: Context): Tell {
  return (warnings) => say(renderDiagnostics(warnings, paint(color.stderr)));
}

/** Whoever cannot ask AWS can give what it knows. */
async function askAws<T>(ask: (account: Account) => Promise<T>, context: Context): Promise<T> {
  try {
    return await ask(await (await context.wire()).account());
  } catch (error) {
    if (!(error instanceof UserError) || !cannotAsk.has(error.code)) throw error;
    const { code, message, exitCode, hint = "" } = error;
    const instead = shellLine([...context.commandLine, "--facts", "facts.json"]);
    throw new UserError(code, message, {
      hint: `${hint}\nor give what AWS knows in a file, as docs/facts.md says:\n${instead}`.trimStart(),
      exitCode,
      cause: error,
    });
  }
}

const cannotAsk: ReadonlySet<string> = new Set(["aws/no-credentials", "aws/no-region", "aws/expired"]);
