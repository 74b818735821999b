/** The one name of a region's cgroups: the agent makes them, the supervisor's last helper takes them away. */
export const cgroupName = (regionId: string): string => `highlands-${regionId}`;
