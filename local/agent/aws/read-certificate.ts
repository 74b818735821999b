/** The names of a certificate of AWS Certificate Manager. */
import { DescribeCertificateCommand, ResourceNotFoundException, type ACMClient } from '@aws-sdk/client-acm';

/** None where it is not in the region's ACM: templates name certificates of the account on AWS. */
export async function readDomainNames(acm: ACMClient, certificateArn: string): Promise<string[]> {
  try {
    const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: certificateArn }));
    return [
      ...(Certificate?.DomainName === undefined ? [] : [Certificate.DomainName]),
      ...(Certificate?.SubjectAlternativeNames ?? []),
    ];
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}
