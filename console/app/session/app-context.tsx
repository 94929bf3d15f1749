/** The context that every page uses: the session, the broker, and who the person is. */
import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { type Broker, brokerAt } from '../api/client.ts';
import { type Me, readMe } from './me.ts';
import type { Session, SessionState } from './session.ts';

interface AppParts {
  readonly session: Session;
  readonly broker: Broker;
}

const AppContext = createContext<AppParts | undefined>(undefined);

/** @param api The address of the broker's API. */
export function AppProvider({
  session,
  api,
  children,
}: {
  readonly session: Session;
  readonly api: string;
  readonly children: ReactNode;
}) {
  // Each person has a client of their own, so that an operation that one person began does not continue as another.
  const source = useSyncExternalStore(session.subscribe, () => session.source);
  const parts = useMemo(() => ({ session, broker: brokerAt(api, source) }), [session, api, source]);
  return <AppContext value={parts}>{children}</AppContext>;
}

function useApp(): AppParts {
  const parts = useContext(AppContext);
  if (parts === undefined) throw new TypeError('the component is outside of the app');
  return parts;
}

export function useSession(): Session {
  return useApp().session;
}

export function useBroker(): Broker {
  return useApp().broker;
}

export function useSessionState(): SessionState {
  const { session } = useApp();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** Who the person is at the broker. */
export function useMe() {
  const { broker } = useApp();
  return useQuery({ queryKey: ['me'], queryFn: () => readMe(broker), staleTime: Number.POSITIVE_INFINITY });
}

/** The result of {@link useMe}, for pages that are shown only after this result is known. */
export function useKnownMe(): Me {
  const { data } = useMe();
  if (data === undefined) throw new TypeError('it is not known who the person is');
  return data;
}
