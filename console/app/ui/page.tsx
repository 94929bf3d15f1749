import { type ReactNode, useEffect, useRef } from 'react';

/** A page with its heading, which gets the focus when the page is opened, so that a screen reader begins there. */
export function Page({
  title,
  id,
  lead,
  children,
}: {
  readonly title: string;
  /** An identifier that belongs to the title. */
  readonly id?: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${id === undefined ? title : `${title} ${id}`} · Leasehold`;
    heading.current?.focus();
  }, [title, id]);
  return (
    <main className="page">
      <h1 ref={heading} tabIndex={-1}>
        {title}
        {id === undefined ? null : <span className="code"> {id}</span>}
      </h1>
      {lead === undefined ? null : <p className="lead">{lead}</p>}
      {children}
    </main>
  );
}
