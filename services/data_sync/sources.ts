import type { ServiceName } from "../../db/schema/enums.ts";
import type { Config } from "../config.ts";

const SETTINGS = {
  auth: "AUTH_SERVICE_URL",
  content: "CONTENT_SERVICE_URL",
  partners_crm: "PARTNERS_CRM_SERVICE_URL",
  projects: "PROJECTS_SERVICE_URL",
  social_media: "SOCIAL_MEDIA_SERVICE_URL",
  notification: "NOTIFICATION_SERVICE_URL",
} as const satisfies Record<ServiceName, keyof Config>;

/** The setting that says where a service's feed lies. */
export const feedSetting = (service: ServiceName): string => SETTINGS[service];

/** The URL below which a service's feed lies, if anywhere. */
export const feedUrlOf = (config: Config, service: ServiceName): string | undefined => config[SETTINGS[service]];
