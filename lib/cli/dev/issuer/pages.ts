/** The pages of the local issuer. They contain no scripts, and load no other files. */
import type { DevAccount } from './accounts';

/** The page on which a person signs in. */
export function signInPage(accounts: readonly DevAccount[], action: string, complaint?: string): string {
  const options = accounts.map(({ name, person, sub }) => {
    const label = name === person ? name : `${person} (${name})`;
    return `<option value="${escaped(sub)}">${escaped(label)}</option>`;
  });
  return page(
    'Sign in',
    `${complaint === undefined ? '' : `<p role="alert">${escaped(complaint)}</p>`}
<form method="post" action="${escaped(action)}">
<p><label for="person">Person</label><select id="person" name="person">${options.join('')}</select></p>
<p><label for="password">Development password</label>
<input id="password" name="password" type="password" autocomplete="off" required autofocus></p>
<p>The password is printed by <code>leasehold dev</code>.</p>
<p><button type="submit">Sign in</button></p>
</form>`,
  );
}

/** The page on which a person enters the code that a device shows. @param form HTML of the provider */
export function codePage(form: string, failed: boolean): string {
  return page(
    'Sign in on another device',
    `<p${failed ? ' role="alert"' : ''}>${failed ? 'This code is not valid. Try again.' : 'Enter the code that the command shows.'}</p>
${form}<p><button type="submit" form="op.deviceInputForm">Continue</button></p>`,
  );
}

/** The page on which a person confirms the code of a device. @param form HTML of the provider */
export function confirmPage(form: string, userCode: string): string {
  return page(
    'Confirm the code',
    `<p>Continue only if the command that you started shows this code:</p><p><code>${escaped(userCode)}</code></p>
${form}<p><button type="submit" form="op.deviceConfirmForm">Continue</button>
<button type="submit" form="op.deviceConfirmForm" value="yes" name="abort">Cancel</button></p>`,
  );
}

/** The page on which a person confirms that they want to sign out. @param form HTML of the provider */
export function signOutPage(form: string): string {
  return page(
    'Sign out',
    `${form}<p><button type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button>
<button type="submit" form="op.logoutForm">Stay signed in</button></p>`,
  );
}

/** A page with one sentence. */
export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escaped(text)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: leasehold dev</title>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
