import { expect, test } from "vitest";
import { mayKnowRegion } from "../../../../src/providers/aws/no-region.ts";
import { folderWith } from "../../../support/files.ts";

test("a machine may know a region when a variable of AWS's is set, or a file of its tools is there", async () => {
  const bare = await folderWith({ "notes.txt": "" });
  const config = await folderWith({ ".aws/config": "[default]\nregion = eu-west-1\n" });
  const credentials = await folderWith({ ".aws/credentials": "" });
  expect([
    mayKnowRegion({ HOME: bare }),
    mayKnowRegion({ HOME: bare, AWS_REGION: "", AWS_CA_BUNDLE: "/etc/ca.pem" }),
    mayKnowRegion({ HOME: bare, AWS_PROFILE: "work" }),
    mayKnowRegion({ HOME: bare, AWS_CONFIG_FILE: "/etc/aws" }),
    mayKnowRegion({ HOME: config }),
    mayKnowRegion({ HOME: credentials }),
  ]).toEqual([false, false, true, true, true, true]);
});
