// Every route of both hosts, in one place. The pages are loaded when they are first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as page,
  redirect,
} from "@tanstack/react-router";
import { HomeRedirect } from "./features/shell/HomeRedirect.tsx";
import { OrgShell } from "./features/shell/OrgShell.tsx";
import { SessionGuard } from "./features/shell/SessionGuard.tsx";
import type { Place } from "./lib/host.ts";
import { frontDoor, org } from "./lib/paths.ts";
import { parseSearch, stringifySearch } from "./lib/search.ts";
import { split } from "./ui/AppLink.tsx";
import { Crash } from "./ui/Crash.tsx";
import { NotFound } from "./ui/NotFound.tsx";

function frontDoorTree() {
  const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Crash });
  const at = (path: string, component: ReturnType<typeof page>) =>
    createRoute({ getParentRoute: () => root, path, component });
  return root.addChildren([
    createRoute({
      getParentRoute: () => root,
      path: "/",
      beforeLoad: ({ search }) => {
        throw redirect({ to: frontDoor.orgs(), search, replace: true });
      },
    }),
    at(
      "/sign-up",
      page(() => import("./features/account/SignUpPage.tsx"), "SignUpPage"),
    ),
    at(
      "/sign-up/organisation",
      page(() => import("./features/orgs/OrganisationPage.tsx"), "OrganisationPage"),
    ),
    at(
      "/sign-in",
      page(() => import("./features/account/SignInPage.tsx"), "SignInPage"),
    ),
    at(
      "/orgs",
      page(() => import("./features/orgs/OrgsPage.tsx"), "OrgsPage"),
    ),
    at(
      "/orgs/$orgId",
      page(() => import("./features/orgs/OpenOrgPage.tsx"), "OpenOrgPage"),
    ),
  ]);
}

function orgTree() {
  const root = createRootRoute({ component: SessionGuard, errorComponent: Crash });
  const bare = (path: string, component: ReturnType<typeof page>) =>
    createRoute({ getParentRoute: () => root, path, component });
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: OrgShell });
  const at = (path: string, component: ReturnType<typeof page>) =>
    createRoute({
      getParentRoute: () => shell,
      path,
      component,
      errorComponent: Crash,
    });
  return root.addChildren([
    createRoute({ getParentRoute: () => root, path: "/", component: HomeRedirect }),
    bare(
      "/onboarding/connect",
      page(() => import("./features/onboarding/ConnectPage.tsx"), "ConnectPage"),
    ),
    bare(
      "/onboarding/advertisers",
      page(() => import("./features/onboarding/AdvertisersPage.tsx"), "AdvertisersPage"),
    ),
    bare(
      "/onboarding/progress",
      page(() => import("./features/onboarding/ProgressPage.tsx"), "ProgressPage"),
    ),
    shell.addChildren([
      at(
        "/home",
        page(() => import("./features/home/HomePage.tsx"), "HomePage"),
      ),
      at(
        "/pacing",
        page(() => import("./features/pacing/PacingPage.tsx"), "PacingPage"),
      ),
      at(
        "/pacing/$orderId",
        page(() => import("./features/pacing/OrderPage.tsx"), "OrderPage"),
      ),
      createRoute({
        getParentRoute: () => shell,
        path: "/data",
        beforeLoad: () => {
          throw redirect({ ...split(org.connections()), replace: true });
        },
      }),
      // Where the cell sends a consent whose beginning it no longer knows.
      createRoute({
        getParentRoute: () => shell,
        path: "/connections",
        beforeLoad: ({ search }) => {
          throw redirect({ to: org.connections(), search, replace: true });
        },
      }),
      at(
        "/data/connections",
        page(() => import("./features/connections/ConnectionsPage.tsx"), "ConnectionsPage"),
      ),
      at(
        "/data/connections/new",
        page(() => import("./features/connections/NewDropPage.tsx"), "NewDropPage"),
      ),
      at(
        "/data/connections/$connectionId",
        page(() => import("./features/connections/ConnectionPage.tsx"), "ConnectionPage"),
      ),
      at(
        "/data/pipelines",
        page(() => import("./features/pipelines/PipelinesPage.tsx"), "PipelinesPage"),
      ),
      at(
        "/data/pipelines/new",
        page(() => import("./features/pipelines/NewPipelinePage.tsx"), "NewPipelinePage"),
      ),
      at(
        "/data/pipelines/$pipeline",
        page(() => import("./features/pipelines/PipelinePage.tsx"), "PipelinePage"),
      ),
      at(
        "/data/pipelines/$pipeline/edit",
        page(() => import("./features/pipelines/EditPage.tsx"), "EditPage"),
      ),
      at(
        "/data/syncs",
        page(() => import("./features/syncs/SyncsPage.tsx"), "SyncsPage"),
      ),
      at(
        "/data/syncs/$syncId",
        page(() => import("./features/syncs/SyncPage.tsx"), "SyncPage"),
      ),
      at(
        "/data/calendar",
        page(() => import("./features/calendar/CalendarPage.tsx"), "CalendarPage"),
      ),
      at(
        "/data/quarantine",
        page(() => import("./features/quarantine/QuarantinePage.tsx"), "QuarantinePage"),
      ),
      at(
        "/data/quarantine/$syncId",
        page(() => import("./features/quarantine/QuarantinedPage.tsx"), "QuarantinedPage"),
      ),
      at(
        "/data/quality",
        page(() => import("./features/quality/QualityPage.tsx"), "QualityPage"),
      ),
      at(
        "/data/backfills",
        page(() => import("./features/backfills/BackfillsPage.tsx"), "BackfillsPage"),
      ),
      at(
        "/data/backfills/new",
        page(() => import("./features/backfills/NewBackfillPage.tsx"), "NewBackfillPage"),
      ),
      at(
        "/data/backfills/$backfillId",
        page(() => import("./features/backfills/BackfillPage.tsx"), "BackfillPage"),
      ),
      at(
        "/data/budgets",
        page(() => import("./features/budgets/BudgetsPage.tsx"), "BudgetsPage"),
      ),
      at(
        "/data/retention",
        page(() => import("./features/retention/RetentionPage.tsx"), "RetentionPage"),
      ),
      at(
        "/naming",
        page(() => import("./features/naming/CompliancePage.tsx"), "CompliancePage"),
      ),
      at(
        "/naming/names",
        page(() => import("./features/naming/NamesPage.tsx"), "NamesPage"),
      ),
      at(
        "/naming/learn",
        page(() => import("./features/naming/LearnPage.tsx"), "LearnPage"),
      ),
      at(
        "/naming/conventions",
        page(() => import("./features/naming/ConventionsPage.tsx"), "ConventionsPage"),
      ),
      at(
        "/naming/conventions/new",
        page(() => import("./features/naming/NewConventionPage.tsx"), "NewConventionPage"),
      ),
      at(
        "/naming/conventions/$conventionId",
        page(() => import("./features/naming/ConventionPage.tsx"), "ConventionPage"),
      ),
      at(
        "/naming/conventions/$conventionId/build",
        page(() => import("./features/naming/BuilderPage.tsx"), "BuilderPage"),
      ),
      at(
        "/settings/modules",
        page(() => import("./features/settings/ModulesPage.tsx"), "ModulesPage"),
      ),
      at(
        "/settings/modules/$module",
        page(() => import("./features/settings/ModulePage.tsx"), "ModulePage"),
      ),
      at("/$", NotFound as ReturnType<typeof page>),
    ]),
  ]);
}

export function routerFor(place: Place) {
  return createRouter({
    routeTree: place.kind === "org" ? orgTree() : frontDoorTree(),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}
