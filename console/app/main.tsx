/** Starts the page. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import './style.css';
import { addressesOf, routedAddress } from './api/address.ts';
import { BrokerRefusal, PageRefusal, SignedOut } from './api/errors.ts';
import { consoleRouter } from './router.tsx';
import { AppProvider } from './session/app-context.tsx';
import { handOver, Session } from './session/session.ts';

function start(container: HTMLElement): void {
  const routed = routedAddress(new URL(location.href));
  if (routed !== undefined) history.replaceState(null, '', routed);
  const page = new URL(location.href);
  if (handOver(page)) {
    container.textContent = 'You are signed in. You can close this window.';
    return;
  }
  const session = new Session();
  const queries = new QueryClient({
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && isTransient(error), staleTime: 2000 },
      mutations: { retry: false },
    },
  });
  const router = consoleRouter();
  // Nothing that one person read is shown to another.
  session.onAnotherPerson = () => {
    queries.clear();
    void router.navigate({ to: '/' });
  };
  session.subscribe(() => {
    if (session.state.kind === 'signed-out') queries.clear();
  });
  createRoot(container).render(
    <QueryClientProvider client={queries}>
      <AppProvider session={session} api={addressesOf(page).api}>
        <RouterProvider router={router} />
      </AppProvider>
    </QueryClientProvider>,
  );
  void session.start().then((route) => {
    if (route !== undefined) router.history.replace(route);
  });
}

/** Whether the same call can succeed a moment later. */
function isTransient(error: unknown): boolean {
  if (error instanceof BrokerRefusal) return error.problem.retryable;
  return !(error instanceof PageRefusal || error instanceof SignedOut);
}

const container = document.getElementById('app');
if (container !== null) start(container);
