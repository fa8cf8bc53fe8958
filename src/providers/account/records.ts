/** What an application, its environments and its workloads leave in Systems Manager, under the names that Copilot gave
 *  them, so that both tools find what the other one has made. */
export interface Records {
  /** An application, one of its environments and one of its workloads, in one call. */
  named(names: { app: string; env: string; workload?: string | undefined }): Promise<{
    application: ApplicationRecord | undefined;
    environment: EnvironmentRecord | undefined;
    workload: WorkloadRecord | undefined;
  }>;
  application(app: string): Promise<ApplicationRecord | undefined>;
  listApplications(): Promise<ApplicationRecord[]>;
  /** @throws UserError application/exists when another one was written before, unless `overwrite` */
  putApplication(record: ApplicationRecord, options?: { overwrite: boolean }): Promise<void>;
  deleteApplication(app: string): Promise<void>;
  /** Where it is and which roles it has never changes: one that has been read is not asked for again. */
  environment(app: string, env: string): Promise<EnvironmentRecord | undefined>;
  listEnvironments(app: string): Promise<EnvironmentRecord[]>;
  putEnvironment(record: EnvironmentRecord): Promise<void>;
  deleteEnvironment(app: string, env: string): Promise<void>;
  listWorkloads(app: string): Promise<WorkloadRecord[]>;
  putWorkload(record: WorkloadRecord): Promise<void>;
  deleteWorkload(app: string, name: string): Promise<void>;
}

/** The JSON of `/copilot/applications/APP`. Members that are not known here are kept when it is written again. */
export interface ApplicationRecord {
  name: string;
  account: string;
  permissionsBoundary?: string;
  domain?: string;
  domainHostedZoneID?: string;
  version: string;
  tags?: Record<string, string>;
}

/** The JSON of `/copilot/applications/APP/environments/ENV`. */
export interface EnvironmentRecord {
  app: string;
  name: string;
  region: string;
  accountID: string;
  registryURL?: string;
  executionRoleARN: string;
  managerRoleARN: string;
  customConfig?: unknown;
  telemetry?: unknown;
}

/** The JSON of `/copilot/applications/APP/components/NAME`. */
export interface WorkloadRecord {
  app: string;
  name: string;
  /** As the manifest says: `Backend Service`. */
  type: string;
}
