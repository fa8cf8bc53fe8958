/** What is lost with a resource: things that no template brings back. Of a type that is not here, what is lost is
 *  configuration, which a template has. BEHAVIOUR.md says what the choice rests on. */
const holdings: Readonly<Record<string, string>> = {
  files: "EFS::FileSystem FSx::FileSystem FSx::Volume EC2::Volume EC2::Instance Lightsail::Disk",
  objects: "S3::Bucket S3Express::DirectoryBucket S3Outposts::Bucket S3Tables::TableBucket S3Tables::Table",
  messages: "SQS::Queue Kinesis::Stream MSK::Cluster MSK::ServerlessCluster AmazonMQ::Broker",
  subscriptions: "SNS::Topic",
  events: "Events::Archive",
  records:
    "DynamoDB::Table DynamoDB::GlobalTable RDS::DBInstance RDS::DBCluster RDS::GlobalCluster DSQL::Cluster " +
    "DocDB::DBCluster DocDB::DBInstance DocDBElastic::Cluster Neptune::DBCluster Neptune::DBInstance " +
    "NeptuneGraph::Graph ElastiCache::CacheCluster ElastiCache::ReplicationGroup ElastiCache::ServerlessCache " +
    "MemoryDB::Cluster Redshift::Cluster RedshiftServerless::Namespace OpenSearchService::Domain " +
    "Elasticsearch::Domain OpenSearchServerless::Collection EMR::Cluster Cassandra::Keyspace Cassandra::Table " +
    "Timestream::Database Timestream::Table Timestream::InfluxDBInstance QLDB::Ledger SDB::Domain Glue::Database " +
    "Glue::Table S3Vectors::VectorBucket S3Vectors::Index CloudFront::KeyValueStore",
  images: "ECR::Repository ECR::PublicRepository",
  packages: "CodeArtifact::Domain CodeArtifact::Repository",
  commits: "CodeCommit::Repository",
  logs: "Logs::LogGroup CloudTrail::EventDataStore",
  "what is encrypted with it": "KMS::Key KMS::ReplicaKey",
  "the secret": "SecretsManager::Secret",
  users: "Cognito::UserPool Cognito::IdentityPool",
  backups: "Backup::BackupVault Backup::LogicallyAirGappedBackupVault RedshiftServerless::Snapshot",
  "DNS records": "Route53::HostedZone ServiceDiscovery::PrivateDnsNamespace ServiceDiscovery::PublicDnsNamespace",
  "the certificate": "CertificateManager::Certificate ACMPCA::CertificateAuthority",
  "the stack's own resources": "CloudFormation::Stack CloudFormation::StackSet",
};

const byType = new Map<string, string>(
  Object.entries(holdings).flatMap(([what, types]) => types.split(" ").map((type) => [`AWS::${type}`, what] as const)),
);

/** In a word or more, what is lost with a resource of this type; undefined where a template brings it all back. */
export function dataIn(type: string): string | undefined {
  return byType.get(type);
}
