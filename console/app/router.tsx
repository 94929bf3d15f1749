/**
 * The routes. They are in the fragment of the address, so that one static file serves all pages and no route is sent to
 * a server.
 */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { readFilters, readWindow } from './leases/lease-filters.ts';
import { ApprovalsPage } from './pages/approvals-page.tsx';
import { HomePage } from './pages/home-page.tsx';
import { LeasePage } from './pages/lease-page.tsx';
import { NoSuchPage } from './pages/no-such-page.tsx';
import { FaultNote } from './ui/fault-note.tsx';
import { Shell } from './ui/shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NoSuchPage,
  errorComponent: ({ error }) => <FaultNote error={error} retry={() => location.reload()} />,
});
const page = { getParentRoute: () => root };
const routeTree = root.addChildren([
  createRoute({ ...page, path: '/', component: HomePage }),
  createRoute({ ...page, path: '/approvals', component: ApprovalsPage }),
  createRoute({ ...page, path: '/leases/$lease', component: LeasePage }),
  // Pages that are heavy or rarely opened are loaded when they are.
  createRoute({
    ...page,
    path: '/leases',
    validateSearch: readFilters,
    component: lazyRouteComponent(() => import('./pages/leases-page.tsx'), 'LeasesPage'),
  }),
  createRoute({
    ...page,
    path: '/request',
    component: lazyRouteComponent(() => import('./pages/request-page.tsx'), 'RequestPage'),
  }),
  createRoute({
    ...page,
    path: '/request/$role',
    component: lazyRouteComponent(() => import('./pages/request-role-page.tsx'), 'RequestRolePage'),
  }),
  createRoute({
    ...page,
    path: '/assistant',
    component: lazyRouteComponent(() => import('./pages/assistant-page.tsx'), 'AssistantPage'),
  }),
  createRoute({
    ...page,
    path: '/activity',
    validateSearch: readWindow,
    component: lazyRouteComponent(() => import('./pages/activity-page.tsx'), 'ActivityPage'),
  }),
  createRoute({
    ...page,
    path: '/roles',
    component: lazyRouteComponent(() => import('./pages/roles-page.tsx'), 'RolesPage'),
  }),
  createRoute({
    ...page,
    path: '/roles/$role',
    component: lazyRouteComponent(() => import('./pages/role-page.tsx'), 'RolePage'),
  }),
  createRoute({
    ...page,
    path: '/passkeys',
    component: lazyRouteComponent(() => import('./pages/passkeys-page.tsx'), 'PasskeysPage'),
  }),
  createRoute({
    ...page,
    path: '/people',
    component: lazyRouteComponent(() => import('./pages/people-page.tsx'), 'PeoplePage'),
  }),
  createRoute({
    ...page,
    path: '/administration',
    component: lazyRouteComponent(() => import('./pages/administration-page.tsx'), 'AdministrationPage'),
  }),
  createRoute({
    ...page,
    path: '/administration/principals',
    component: lazyRouteComponent(() => import('./pages/principals-page.tsx'), 'PrincipalsPage'),
  }),
  createRoute({
    ...page,
    path: '/administration/principals/$principal',
    component: lazyRouteComponent(() => import('./pages/principal-page.tsx'), 'PrincipalPage'),
  }),
  createRoute({
    ...page,
    path: '/administration/revocations',
    component: lazyRouteComponent(() => import('./pages/revocations-page.tsx'), 'RevocationsPage'),
  }),
  createRoute({
    ...page,
    path: '/administration/budgets',
    component: lazyRouteComponent(() => import('./pages/budgets-page.tsx'), 'BudgetsPage'),
  }),
  createRoute({
    ...page,
    path: '/administration/groups',
    component: lazyRouteComponent(() => import('./pages/groups-page.tsx'), 'GroupsPage'),
  }),
]);

export function consoleRouter() {
  return createRouter({ routeTree, history: createHashHistory(), defaultPreload: 'intent' });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof consoleRouter>;
  }
}
