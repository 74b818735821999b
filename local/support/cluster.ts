/** What of clusters and of what services use besides runs here. */
import { z } from 'zod';
import { ignored, refused, shape, TAGS } from './rules.ts';

const PROVIDER = {
  schema: z.enum(['FARGATE', 'FARGATE_SPOT']),
  rule: refused('there are no EC2 instances', 'use FARGATE or FARGATE_SPOT'),
};
const PROVIDERS = {
  CapacityProviders: {
    // The names of a list are judged where they are used: providers of the same template come with their instances.
    schema: z.array(z.unknown()),
    rule: refused('it is no list', 'give a list of names'),
  },
};
const STRATEGY = {
  DefaultCapacityProviderStrategy: shape({ reads: ['Base', 'Weight'], values: { CapacityProvider: PROVIDER } }),
};

export const CLUSTER = shape({
  reads: ['ClusterName'],
  others: {
    ...TAGS,
    ClusterSettings: ignored('Container Insights is not there: `highlands top` shows what tasks use'),
    Configuration: ignored('`highlands exec` needs no keys and no logs'),
  },
  values: PROVIDERS,
  parts: { ...STRATEGY, ServiceConnectDefaults: shape({ reads: ['Namespace'] }) },
});

export const ASSOCIATIONS = shape({ reads: ['Cluster'], values: PROVIDERS, parts: STRATEGY });

const NO_KEYS = ignored('nothing is encrypted with it');

export const LOG_GROUP = shape({
  reads: ['LogGroupName'],
  others: {
    ...TAGS,
    RetentionInDays: ignored('logs go with the region'),
    KmsKeyId: NO_KEYS,
    LogGroupClass: ignored('there is one class'),
    DataProtectionPolicy: ignored('nothing is masked'),
    DeletionProtectionEnabled: ignored('logs go with the region'),
    FieldIndexPolicies: ignored('nothing is indexed'),
    ResourcePolicyDocument: ignored('only permissions of task roles are enforced'),
    BearerTokenAuthenticationEnabled: ignored('only permissions of task roles are enforced'),
  },
});

export const PARAMETER = shape({
  reads: ['Name', 'Type', 'Value'],
  others: {
    ...TAGS,
    AllowedPattern: ignored('the value is not held against it'),
    DataType: ignored('the value is not looked at'),
    Description: ignored('nothing reads it'),
    Policies: ignored('a parameter stays until its stack goes'),
    Tier: ignored('there is one tier'),
  },
});

export const SECRET = shape({
  reads: ['Name', 'SecretString'],
  others: {
    ...TAGS,
    Description: ignored('nothing reads it'),
    KmsKeyId: NO_KEYS,
    ReplicaRegions: ignored('there is one Region'),
    Type: ignored('nothing reads it'),
  },
  // The control plane hands them to GetRandomPassword.
  parts: {
    GenerateSecretString: shape({
      reads: [
        'ExcludeCharacters',
        'ExcludeLowercase',
        'ExcludeNumbers',
        'ExcludePunctuation',
        'ExcludeUppercase',
        'GenerateStringKey',
        'IncludeSpace',
        'PasswordLength',
        'RequireEachIncludedType',
        'SecretStringTemplate',
      ],
    }),
  },
});

export const REPOSITORY = shape({
  reads: ['RepositoryName'],
  others: {
    ...TAGS,
    EmptyOnDelete: ignored('images go with the region'),
    EncryptionConfiguration: NO_KEYS,
    ImageScanningConfiguration: ignored('nothing is scanned'),
    ImageTagMutability: ignored('a tag can be given again'),
    ImageTagMutabilityExclusionFilters: ignored('a tag can be given again'),
    LifecyclePolicy: ignored('images go with the region'),
    RepositoryPolicyText: ignored('only permissions of task roles are enforced'),
  },
});

export const NAMESPACE = shape({ reads: ['Name'], others: { ...TAGS, Description: ignored('nothing reads it') } });

export const CERTIFICATE = shape({
  reads: ['DomainName', 'SubjectAlternativeNames'],
  others: {
    ...TAGS,
    Id: ignored('nothing reads it'),
    CertificateAuthorityArn: ignored('the local region’s authority signs it'),
    CertificateExport: ignored('it is on this machine'),
    CertificateTransparencyLoggingPreference: ignored('nobody is told of it'),
    DomainValidationOptions: ignored('it is issued at once'),
    KeyAlgorithm: ignored('there is one algorithm'),
    ValidationMethod: ignored('it is issued at once'),
  },
});
