import { approvalWords, type Fact, rolePermissions } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { count, spoken, visible, visibleJson } from '@leasehold/contract/text';
import { Link, useParams } from '@tanstack/react-router';
import { lengthWords } from '../request/draft.ts';
import { useRequestableRoles } from '../request/request-queries.ts';
import { DecisionForm } from '../roles/decision-form.tsx';
import { GraphDrawing } from '../roles/graph-drawing.tsx';
import type { RolePowers, RolePowersGroup } from '../roles/role-powers.ts';
import { useRolePowers, useVisibleRoles } from '../roles/role-queries.ts';
import { FactList } from '../ui/fact-list.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** One role: its gate, who can request it, what it permits, and a check of one action. */
export function RolePage() {
  const { role: name } = useParams({ from: '/roles/$role' });
  const roles = useVisibleRoles();
  return (
    <Page title="Role" id={visible(name)}>
      <QueryView query={roles} reading="the role">
        {(all) => {
          const role = all.find((each) => each.name === name);
          if (role !== undefined) return <Shown key={name} role={role} />;
          return (
            <p className="empty">
              You may not see this role, or it does not exist. <Link to="/roles">See all roles</Link>
            </p>
          );
        }}
      </QueryView>
    </Page>
  );
}

function Shown({ role }: { readonly role: RoleView }) {
  const requestable = useRequestableRoles();
  const isMine = requestable.data?.some(({ name }) => name === role.name) === true;
  const unshown = whyUnshown(role);
  return (
    <>
      <p className="lead">
        <bdi>{visible(role.purpose)}</bdi>
      </p>
      {isMine ? (
        <p>
          <Link to="/request/$role" params={{ role: role.name }}>
            Request this role
          </Link>
        </p>
      ) : null}
      <section aria-labelledby="gate">
        <h2 id="gate">Who can use it</h2>
        <FactList facts={gateFacts(role)} />
        {unshown === undefined ? <GraphDrawing role={role} /> : null}
      </section>
      {unshown === undefined ? <Powers role={role} /> : <FaultNote error={unshown} />}
      <DecisionForm role={role} />
      <details className="exact">
        <summary>Policy as JSON</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard */}
        <pre tabIndex={0}>{visibleJson(JSON.stringify(role.policy, null, 2))}</pre>
      </details>
    </>
  );
}

function whyUnshown(role: RoleView): unknown {
  try {
    rolePermissions(role);
    return undefined;
  } catch (error) {
    return error;
  }
}

const REVIEWERS = {
  off: 'no reviewer',
  advise: 'a reviewer advises the approvers',
  decide: 'a reviewer decides, within the rules',
} as const;

function gateFacts(role: RoleView): readonly Fact[] {
  const { arn, reviewer, reach } = role;
  const fact = (label: string, lines: readonly string[]): readonly Fact[] =>
    lines.length === 0 ? [] : [{ label, lines: lines.map(visible) }];
  return [
    ...fact('Gate', [
      `broker: ${approvalWords(role)}; ${REVIEWERS[reviewer]}`,
      ...(reach !== undefined && reach.mfaAgents.length > 0
        ? ['MFA: an agent assumes it with an approver’s code, without the broker']
        : []),
    ]),
    ...fact('Length', [lengthWords(role)]),
    ...(reach === undefined
      ? []
      : [
          ...fact('Agents', named(reach.agents, 'No agent may request it.')),
          ...fact('With MFA', reach.mfaAgents),
          ...fact('Groups', named(reach.groups, 'No group of people may request it.')),
          ...fact('Approvers', reach.approvers),
        ]),
    ...fact('ARN', [arn]),
  ];
}

function named(names: readonly string[], none: string): readonly string[] {
  return names.length === 0 ? [none] : [names.join(', ')];
}

function Powers({ role }: { readonly role: RoleView }) {
  const powers = useRolePowers(role);
  return (
    <section aria-labelledby="powers">
      <h2 id="powers">What it can do</h2>
      <QueryView query={powers} reading="the catalogue of actions">
        {({ groups, unknown, denials }: RolePowers) => (
          <>
            {groups.map((group) => (
              <Group key={`${group.service} ${group.access}`} group={group} />
            ))}
            {unknown.length === 0 ? null : (
              <p className="warn">
                AWS does not list these actions, so it is not known what they permit: {unknown.map(visible).join(', ')}
              </p>
            )}
            {denials.map((denial) => (
              <p key={denial} className="quiet">
                {denial}
              </p>
            ))}
          </>
        )}
      </QueryView>
      {(role.managedPolicies ?? []).length === 0 ? null : (
        <p className="warn">
          It also has policies that AWS manages, whose texts the console does not contain:{' '}
          {(role.managedPolicies ?? []).map(visible).join(', ')}. Use <code>leasehold can {visible(role.name)}</code>.
        </p>
      )}
      <p className="quiet">
        A lease lasts at most {spoken(role.lease.maxSeconds)}. The access level is Leasehold’s own: it counts an action
        as deleting or as changing permissions even where AWS lists it as writing.
      </p>
    </section>
  );
}

const TONES = { read: 'past', write: 'wait', delete: 'bad', permissions: 'bad' } as const;

function Group({ group: { service, access, actions } }: { readonly group: RolePowersGroup }) {
  return (
    <details className="powers" open={actions.length <= FEW}>
      <summary>
        <strong>{service}</strong> <span className={`badge badge-${TONES[access]}`}>{access}</span>{' '}
        {count(actions.length, 'action')}
      </summary>
      <ul>
        {actions.map(({ id, on, notice }) => (
          <li key={id}>
            <span className="code">{id}</span>
            {notice === undefined ? null : <span className="warn"> {notice}</span>}
            <p className="quiet code">
              {on.length === 0
                ? 'on none of the resources of this role'
                : on.map((each) => visible(`on ${each}`)).join(', ')}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** A group with more actions than this is collapsed at first. */
const FEW = 12;
