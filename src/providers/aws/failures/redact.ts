const secretParts: readonly [form: RegExp, kept: string][] = [
  // Signed URLs, and the header that AWS repeats when a signature is wrong.
  [/\b(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'<>]+/gi, "$1***"],
  [/\b(Signature|Credential)=[^\s,&"'<>]+/g, "$1=***"],
  [/\b(authorization|x-amz-security-token|x-amz-content-sha256)(["']?\s*[:=]\s*["']?)[^\n"'<>]+/gi, "$1$2***"],
  [
    /\b((?:aws_)?(?:secret_access_key|session_token|SecretAccessKey|SessionToken))(["']?\s*[:=]\s*["']?)[^\s"',<>]+/gi,
    "$1$2***",
  ],
  [/\b(Bearer|Basic)\s+[\w+/=.-]{8,}/g, "$1 ***"],
  // JSON Web Tokens, as OIDC hands them out, and session tokens of STS.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "***"],
  [/\b(?:IQoJ|FwoG|AQoD|AQoE)[\w+/=%-]{40,}/g, "***"],
  [/\b(A[KS]IA)[0-9A-Z]{8,}([0-9A-Z]{4})\b/g, "$1…$2"],
  [/\/\/[^/\s:@]+:[^/\s@]+@/g, "//***@"],
];

/** A text of AWS's, of the SDK's or of a program that hands out credentials, without what must not be shown: secret keys,
 *  session and identity tokens, signatures, headers and URLs that hold them. */
export function redact(text: string): string {
  return secretParts.reduce((left, [form, kept]) => left.replace(form, kept), text);
}
