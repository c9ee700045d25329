export const page: string = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Moderation</title>
    <link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/admin/assets/page.css">
  </head>
  <body>
    <header><h1>Moderation</h1><button id="leave" type="button" hidden>Sign out</button></header>
    <main>
      <form id="enter">
        <label for="token">Admin token</label>
        <input id="token" type="password" autocomplete="off" required>
        <button>Sign in</button>
      </form>
      <section id="queue" aria-labelledby="title" hidden>
        <form id="choice">
          <label for="kind">Show</label>
          <select id="kind">
            <option value="reviews">reviews</option>
            <option value="questions">questions</option>
            <option value="answers">answers</option>
          </select>
          <label for="order">first</label>
          <select id="order">
            <option value="most_reported">the most reported</option>
            <option value="oldest">the oldest</option>
          </select>
        </form>
        <h2 id="title" tabindex="-1">Reported reviews</h2>
        <ol id="list"></ol>
        <nav aria-label="Pages">
          <button id="previous" type="button">Previous</button>
          <span id="page"></span>
          <button id="next" type="button">Next</button>
        </nav>
      </section>
      <p id="status" role="status"></p>
    </main>
    <dialog id="confirm" aria-labelledby="question">
      <p id="question"></p>
      <button id="cancel" type="button">Keep it</button>
      <button id="remove" type="button" class="danger">Remove for good</button>
    </dialog>
    <noscript>This page needs JavaScript.</noscript>
    <script type="module" src="/admin/assets/page.js"></script>
  </body>
</html>
`
