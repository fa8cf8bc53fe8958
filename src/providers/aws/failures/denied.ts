/** Who must not do what, as AWS tells it. */
export interface Denial {
  /** ARN of the user or the role's session. */
  who?: string;
  /** `ecs:UpdateService` */
  action?: string;
  /** An ARN, or `*` where AWS names none. */
  resource?: string;
  /** The kind of policy that denies it expressly: `service control policy`. */
  deniedBy?: string;
  /** The kind of policy that would have to allow it, where it is not the caller's own: `permissions boundary`. */
  notAllowedBy?: string;
  /** What `aws sts decode-authorization-message` reads. */
  encoded?: string;
}

/** What AWS says about a call that it denies, also in the midst of a longer text such as the reason of a stack's event; undefined where
 *  nothing of that kind stands in it. Sources: IAM User Guide, "Troubleshoot access denied error messages"; EC2 API
 *  Reference, DecodeAuthorizationMessage. */
export function denialIn(text: string): Denial | undefined {
  const found =
    /(?:User:? (\S+) )?is not authorized to perform: ?([\w-]+:\w+)(?: on (?:the )?resource:? ("[^"]+"|.+?))?(?= because| with an explicit|[,;)]|\.? Encoded|\.?\s*$|\. )/is.exec(
      text,
    );
  const encoded = /Encoded authorization failure message: ?([\w+/=-]{20,})/i.exec(text)?.[1];
  if (found === null) return encoded === undefined ? undefined : { encoded };
  const [, who, action, resource] = found;
  const deniedBy = /with an explicit deny in an? ([\w -]+?policy|permissions boundary)/i.exec(text)?.[1];
  const notAllowedBy = /because no ([\w -]+? policy|permissions boundary) allows/i.exec(text)?.[1];
  return {
    ...(who !== undefined && { who }),
    ...(action !== undefined && { action }),
    resource: resourceOf(resource, who),
    ...(deniedBy !== undefined && { deniedBy }),
    ...(notAllowedBy !== undefined && notAllowedBy !== "identity-based policy" && { notAllowedBy }),
    ...(encoded !== undefined && { encoded }),
  };
}

/** The statement that allows it, in lines. */
export function statementFor({ action, resource = "*" }: Denial): string[] {
  return JSON.stringify({ Effect: "Allow", Action: action, Resource: resource }, null, 2).split("\n");
}

/** IAM writes `role NAME` where others write an ARN. */
function resourceOf(written: string | undefined, who: string | undefined): string {
  const text = written?.replaceAll('"', "").trim() ?? "*";
  if (text.startsWith("arn:") || text === "*") return text;
  const [, kind, name] = /^(role|user|policy|group|instance profile) (\S+)$/.exec(text) ?? [];
  const [, partition, account] = /^arn:([\w-]+):\w+::(\d{12}):/.exec(who ?? "") ?? [];
  if (kind === undefined || account === undefined) return "*";
  return `arn:${partition}:iam::${account}:${kind.replace(" ", "-")}/${name}`;
}
