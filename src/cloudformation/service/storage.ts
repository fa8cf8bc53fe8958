import type { TaskPlan } from "../../plan/workload-plan.ts";
import { importEnvironment, sub } from "../intrinsics.ts";
import type { Resources } from "../template.ts";

/** The workload's way into the environment's file system. */
export function accessPoint({ accessPoint: point }: TaskPlan): Resources {
  if (point === undefined) return {};
  return {
    AccessPoint: {
      Metadata: { "aws:copilot:description": "An EFS access point to handle POSIX permissions" },
      Type: "AWS::EFS::AccessPoint",
      Properties: {
        ClientToken: sub("${AppName}-${EnvName}-${WorkloadName}"),
        FileSystemId: importEnvironment("FilesystemID"),
        PosixUser: { Uid: point.uid, Gid: point.gid },
        RootDirectory: {
          Path: point.path,
          CreationInfo: { OwnerUid: point.uid, OwnerGid: point.gid, Permissions: "0755" },
        },
      },
    },
  };
}
