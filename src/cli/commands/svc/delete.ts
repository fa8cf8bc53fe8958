import { deleteWorkloadCommand } from "../../delete-workload-command.ts";

export const svcDelete = deleteWorkloadCommand("svc");
