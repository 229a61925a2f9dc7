/** The programs that a cluster of the bed is made of. */
export const kubernetesNeeds = [
  'go',
  'containerd',
  'runc',
  'host-local',
  'nft',
  'iptables',
  'ip',
  'openssl',
  'unshare',
  'setpriv',
  'nsenter',
] as const
