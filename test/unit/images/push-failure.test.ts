import { expect, test } from "vitest";
import { isTransient, pushFailure } from "../../../src/images/push-failure.ts";

const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** What Docker 20.10 to 28 and ECR say, and what it is told as. Source: ECR user guide, "Troubleshooting"; moby's distribution
 *  and the client's own messages. */
test.each([
  [
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "engine/unreachable: no Docker Engine answers",
    false,
  ],
  [
    'error during connect: Post "http://docker:2376/v1.41/images/x/push": dial tcp: lookup docker: no such host',
    "engine/unreachable: no Docker Engine answers",
    false,
  ],
  [
    "write /var/lib/docker/tmp/GetImageBlob1: no space left on device",
    "image/push-failed: the Engine's disk is full",
    false,
  ],
  [
    "tag invalid: The image tag 'v1' already exists in the 'shop/api' repository and cannot be overwritten because the repository is immutable.",
    "image/tag-immutable: the tag is another image's, and it cannot be moved",
    false,
  ],
  [
    "tag invalid: The image tag 'v1' already exists in the 'shop/api' repository and cannot be overwritten because the tag is immutable.",
    "image/tag-immutable: the tag is another image's, and it cannot be moved",
    false,
  ],
  [
    "name unknown: The repository with name 'shop/api' does not exist in the registry with id '123456789012'",
    "image/repository-not-found: the repository is not there",
    false,
  ],
  [
    "denied: Your authorization token has expired. Reauthenticate and try again.",
    "image/push-denied: the login has expired",
    false,
  ],
  ["no basic auth credentials", "image/push-denied: the docker client has no password for the registry", false],
  [
    'error getting credentials - err: exec: "docker-credential-ecr-login": executable file not found in $PATH, out: ``',
    "image/push-denied: the docker client has no password for the registry",
    false,
  ],
  [
    "denied: User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ecr:InitiateLayerUpload on resource: arn:aws:ecr:eu-west-1:123456789012:repository/shop/api because no identity-based policy allows the ecr:InitiateLayerUpload action",
    "image/push-denied: the registry does not allow it",
    false,
  ],
  ["unauthorized: authentication required", "image/push-denied: the registry does not allow it", false],
  [`Put "https://${host}/v2/shop/api/blobs/uploads/": EOF`, "image/push-failed", true],
  [`Head "https://${host}/v2/": dial tcp 10.0.0.1:443: i/o timeout`, "image/push-failed", true],
  [`Get "https://${host}/v2/": net/http: TLS handshake timeout`, "image/push-failed", true],
  ["read tcp 10.0.0.2:5000->10.0.0.1:443: read: connection reset by peer", "image/push-failed", true],
  ["received unexpected HTTP status: 503 Service Unavailable", "image/push-failed", true],
  ["toomanyrequests: Rate exceeded", "image/push-failed", true],
  ["An image does not exist locally with the tag: shop/api", "image/push-failed", false],
  ["manifest invalid: the manifest may not have more than 127 layers", "image/push-failed", false],
])("%s", (said, told, again) => {
  const lines = ["The push refers to repository [shop/api]", "0ab4861bb52c: Preparing", "", said];
  const { code, message, details } = pushFailure("shop/api:v1", lines, isTransient(lines));
  expect(`${code}${message.replace(/^shop\/api:v1 could not be pushed/, "")}`).toBe(told);
  expect(isTransient(lines)).toBe(again);
  expect(details.at(-1)).toBe(said);
});
