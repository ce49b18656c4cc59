/** Types of projects. */
export type ProjectType = "education" | "water" | "health" | "livelihood";

/** One project's true story; earned value and cost follow from it. */
export interface Project {
  readonly project_id: string;
  readonly project_type: ProjectType;
  readonly announced: string;
  readonly start: string;
  readonly planned_end: string;
  /** The day it is completed, known to the story alone until it comes. */
  readonly actual_end: string;
  readonly on_hold?: { readonly from: string; readonly to: string };
  readonly budget_usd: number;
  /** Cost performance the costs are drawn around: below 1 is over budget. */
  readonly cpi: number;
  /** People reached directly in an average week. */
  readonly people_per_week: number;
}

/** The portfolio: late, early, overdue, over budget, behind, on hold, just started and only planned. */
export const PROJECTS: readonly Project[] = [
  project("prj-01", "education", "2024-01-01", "2024-01-08", "2024-12-20", "2024-12-13", 84_000, 1.02, 140),
  project("prj-02", "water", "2024-01-01", "2024-01-15", "2024-09-30", "2024-11-15", 96_000, 0.93, 95),
  project("prj-03", "health", "2024-01-08", "2024-02-05", "2025-06-30", "2025-06-27", 128_000, 1, 110),
  project("prj-04", "livelihood", "2024-01-22", "2024-03-04", "2025-02-28", "2025-05-09", 72_000, 0.95, 45),
  project("prj-05", "education", "2024-06-03", "2024-08-19", "2025-07-31", "2025-07-25", 88_000, 1.04, 150),
  project("prj-06", "water", "2024-08-05", "2024-10-07", "2025-08-29", "2025-08-08", 105_000, 1.06, 120),
  project("prj-07", "health", "2024-11-04", "2025-01-13", "2026-01-30", "2026-03-20", 118_000, 0.9, 130),
  project("prj-08", "livelihood", "2025-01-06", "2025-03-03", "2026-02-27", "2026-02-20", 76_000, 1.01, 50),
  project("prj-09", "water", "2025-03-03", "2025-05-05", "2026-08-31", "2027-02-26", 140_000, 0.76, 125),
  project("prj-10", "education", "2025-06-02", "2025-09-01", "2027-06-30", "2027-06-25", 132_000, 1.01, 160),
  project("prj-11", "health", "2025-09-01", "2025-11-03", "2027-04-30", "2027-08-27", 124_000, 0.97, 105),
  {
    ...project("prj-12", "livelihood", "2025-12-01", "2026-02-02", "2026-10-30", "2026-12-18", 64_000, 0.96, 55),
    on_hold: { from: "2026-05-04", to: "2026-07-05" },
  },
  project("prj-13", "water", "2026-07-06", "2026-09-14", "2027-12-17", "2027-12-10", 112_000, 0.98, 115),
  project("prj-14", "education", "2026-08-03", "2026-10-19", "2028-06-30", "2028-06-23", 126_000, 1.03, 145),
  project("prj-15", "health", "2026-10-05", "2027-01-18", "2028-05-31", "2028-06-30", 120_000, 1, 120),
];

/** What an analysis on 2026-11-22 should find in the portfolio. */
export const PROJECT_TRUTH = {
  as_of: "2026-11-22",
  over_budget: { project_id: "prj-09", cpi_below: 0.85 },
  behind: { project_id: "prj-11", spi_below: 0.9 },
  overdue: ["prj-09", "prj-12"],
  completed: ["prj-01", "prj-02", "prj-03", "prj-04", "prj-05", "prj-06", "prj-07", "prj-08"],
  completed_on_time: ["prj-01", "prj-03", "prj-05", "prj-06", "prj-08"],
  planned: ["prj-15"],
} as const;

/** What the money goes to, as a share of the budget, and the ISO weekday on which each category posts. */
export const COST_SHARES: Record<
  ProjectType,
  Readonly<Record<string, { readonly share: number; readonly weekday: number }>>
> = {
  education: shares({ staff: 0.52, materials: 0.26, transport: 0.1, administration: 0.12 }),
  water: shares({ staff: 0.3, materials: 0.48, transport: 0.13, administration: 0.09 }),
  health: shares({ staff: 0.5, materials: 0.28, transport: 0.12, administration: 0.1 }),
  livelihood: shares({ staff: 0.46, materials: 0.3, transport: 0.1, administration: 0.14 }),
};

/** Whom a type reaches, its year (schools close, dry seasons, rains, harvests), and how many more benefit indirectly. */
export const REACH: Record<ProjectType, {
  readonly categories: Readonly<Record<string, number>>;
  readonly months: readonly number[];
  readonly indirect_per_direct: number;
}> = {
  education: {
    categories: { children: 0.75, youth: 0.25 },
    months: [1.1, 1.2, 1.2, 0.9, 1.2, 1.1, 0.4, 0.35, 1.2, 1.25, 1.2, 0.6],
    indirect_per_direct: 1.6,
  },
  water: {
    categories: { adults: 0.55, children: 0.45 },
    months: [1.3, 1.3, 1.2, 0.8, 0.7, 0.8, 1.1, 1.3, 1.3, 0.9, 0.6, 0.7],
    indirect_per_direct: 2.8,
  },
  health: {
    categories: { children: 0.4, adults: 0.6 },
    months: [0.8, 0.8, 0.9, 1.2, 1.4, 1.3, 0.9, 0.8, 0.8, 0.9, 1.2, 1],
    indirect_per_direct: 1.2,
  },
  livelihood: {
    categories: { adults: 0.7, youth: 0.3 },
    months: [0.9, 1, 1.3, 1.3, 1, 0.8, 0.8, 0.9, 1.2, 1.2, 0.9, 0.7],
    indirect_per_direct: 3.1,
  },
};

function project(
  project_id: string,
  project_type: ProjectType,
  announced: string,
  start: string,
  planned_end: string,
  actual_end: string,
  budget_usd: number,
  cpi: number,
  people_per_week: number,
): Project {
  return { project_id, project_type, announced, start, planned_end, actual_end, budget_usd, cpi, people_per_week };
}

function shares(of: { staff: number; materials: number; transport: number; administration: number }) {
  return {
    staff: { share: of.staff, weekday: 5 },
    materials: { share: of.materials, weekday: 3 },
    transport: { share: of.transport, weekday: 2 },
    administration: { share: of.administration, weekday: 4 },
  };
}
