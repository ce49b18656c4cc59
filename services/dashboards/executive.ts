import type { DashboardConfig, Widget, WidgetMetric } from "./widgets.ts";

/** What the shipped dashboard is called. */
export const EXECUTIVE = {
  name: "Executive overview",
  description:
    "What every service of the organisation has to tell, and how far its goals are. It is shipped with the " +
    "service; a dashboard of the type executive that is made the default takes its place.",
} as const;

/** Goals that it shows, at most: those that fit beside its other widgets. */
export const EXECUTIVE_GOALS = 6;

const metric = (
  service_name: WidgetMetric["service_name"],
  metric_type: WidgetMetric["metric_type"],
  metric_name: string,
): { metric: WidgetMetric } => ({ metric: { service_name, metric_type, metric_name } });

const THIS_MONTH = { window: { relative: "this_month" } } as const;
const THIS_YEAR = { window: { relative: "this_year" }, compare: "previous_year" } as const;
const BY_MONTH = { window: { relative: "last_12_months" }, interval: "month" } as const;

const gifts = metric("partners_crm", "donation", "donation_received");
const partners = metric("partners_crm", "partner", "partner_active");
const cost = metric("projects", "project", "cost_actual");

/** Most stats are of one window, and most lines of another: what is asked over the same days is read together. */
const WIDGETS: readonly Widget[] = [
  { id: "gifts", type: "stat", title: "Gifts this month", ...gifts, ...THIS_MONTH },
  { id: "gifts_of_year", type: "stat", title: "Gifts this year", ...gifts, ...THIS_YEAR },
  { id: "gifts_by_month", type: "line", title: "Gifts by month", ...gifts, ...BY_MONTH, span: 2 },
  { id: "active_partners", type: "stat", title: "Active partners", ...partners, ...THIS_MONTH },
  {
    ...{ id: "new_partners", type: "stat", title: "New partners this month", ...THIS_MONTH },
    ...metric("partners_crm", "partner", "partner_registered"),
  },
  { id: "partners_by_month", type: "area", title: "Active partners by month", ...partners, ...BY_MONTH, span: 2 },
  {
    ...{ id: "projects", type: "pie", title: "Projects by status", ...THIS_MONTH, group_by: "dimension.status" },
    ...metric("projects", "project", "project_status"),
  },
  {
    ...{ id: "beneficiaries", type: "stat", title: "People reached this month", ...THIS_MONTH },
    ...metric("projects", "beneficiary", "beneficiaries_reached"),
  },
  {
    ...{ id: "budget", type: "stat", title: "Planned budget of all projects", ...THIS_MONTH },
    ...metric("projects", "project", "budget_planned"),
  },
  { id: "cost", type: "stat", title: "Spent this month", ...cost, ...THIS_MONTH },
  { id: "cost_by_month", type: "line", title: "Spent by month", ...cost, ...BY_MONTH, span: 2 },
  {
    ...{ id: "reach", type: "stat", title: "Reach of posts this month", ...THIS_MONTH },
    ...metric("social_media", "social_post", "post_reach"),
  },
  {
    ...{ id: "engagement", type: "bar", title: "Engagement this month", ...THIS_MONTH, group_by: "metric_name" },
    metric: { service_name: "social_media", metric_type: "engagement" },
  },
  {
    ...{ id: "followers", type: "bar", title: "Followers by platform", ...THIS_MONTH, group_by: "dimension.platform" },
    ...metric("social_media", "engagement", "followers"),
  },
  {
    ...{ id: "delivered", type: "stat", title: "Notifications delivered this month", ...THIS_MONTH },
    ...metric("notification", "notification", "notification_delivered"),
  },
  {
    ...{ id: "notifications_by_month", type: "line", title: "Notifications by month", ...BY_MONTH, span: 2 },
    ...{ split_by: "metric_name", metric: { service_name: "notification", metric_type: "notification" } },
  },
  { id: "freshness", type: "freshness", title: "How fresh the sources are" },
];

/** The shipped executive dashboard: every service by the names of the metric dictionary, and some goals. */
export function executiveConfig(goals: readonly { id: string; name: string }[]): DashboardConfig {
  const goalWidgets = goals.slice(0, EXECUTIVE_GOALS).map(({ id, name }, i): Widget => ({
    ...{ id: `goal_${i + 1}`, type: "goal", title: name, goal_id: id },
  }));
  return { columns: 4, widgets: [...WIDGETS, ...goalWidgets] };
}
