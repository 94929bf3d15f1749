import { Link } from '@tanstack/react-router';
import { Page } from '../ui/page.tsx';

export function NoSuchPage() {
  return (
    <Page title="No such page">
      <p className="empty">
        The address names no page of the console. <Link to="/">Go home</Link>
      </p>
    </Page>
  );
}
