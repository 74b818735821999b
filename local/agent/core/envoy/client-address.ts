/** The address that a connection came from, for conditions of listener rules: what clients say in headers never counts. */
import type { EnvoyConfig } from '../mesh.ts';
import { isAddressRange } from '../../../aws-shapes/address-range.ts';
import { typed } from './typed.ts';

const KEY = 'highlands.client';

/** Keeps it beside each connection, as an address that ranges can be compared with. */
export const CLIENT_ADDRESS: EnvoyConfig = {
  name: 'client-address',
  typed_config: typed('extensions.filters.network.set_filter_state.v3.Config', {
    on_new_connection: [
      {
        object_key: KEY,
        factory_key: 'envoy.network.ip',
        format_string: { text_format_source: { inline_string: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%' } },
      },
    ],
  }),
};

/**
 * @param ranges such as 203.0.113.0/24 or 2001:db8::/32
 * @throws Error for what is none: Envoy would refuse the whole listener
 */
export function cameFrom(ranges: readonly string[]): EnvoyConfig {
  const odd = ranges.find((range) => !isAddressRange(range));
  if (odd !== undefined) throw new Error(`"${odd}" is no range of addresses: use one such as 203.0.113.0/24`);
  return {
    key: KEY,
    address_match: {
      ranges: ranges.map((range) => {
        const [address_prefix, length] = range.split('/');
        return { address_prefix, prefix_len: Number(length) };
      }),
    },
  };
}
