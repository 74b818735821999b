/** Addresses and names that end up in iptables rules and hosts files. */
import { z } from 'zod';
import { whole } from './loose.ts';

/** The local region is IPv4 only. */
export const Cidr = z.cidrv4({
  error: ({ input }) => `${JSON.stringify(input)} is no IPv4 CIDR: write it like 10.0.0.0/16`,
});

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectClientAlias.html: at most 127 characters */
export const DnsName = z
  .string()
  .max(127)
  .regex(/^\w(?:[\w.-]*\w)?$/, {
    error: ({ input }) => `${JSON.stringify(input)} is no DNS name: use letters, digits, hyphens and dots`,
  });

export const Port = whole(1, 65_535);

/** A number that the API gives as text. */
export const numberBetween = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));
