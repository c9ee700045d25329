export const styles: string = `:root { color-scheme: light; }
body { margin: 0; background: #fbfaf8; color: #1d2733; font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: center; padding: 0 1.5rem; }
header { background: #1d3557; color: #fff; }
h1 { font-size: 1.25rem; }
main { max-width: 50rem; margin: 1.5rem auto; padding: 0 1.5rem; }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
[hidden] { display: none; }
input, select, textarea, button { font: inherit; padding: 0.4rem 0.8rem; border-radius: 6px; }
input, select, textarea, button { border: 1px solid #5d6b7a; background: #fff; color: #1d2733; }
button { cursor: pointer; }
button:disabled { color: #5d6b7a; cursor: default; }
button.danger { background: #9b1c1c; border-color: #9b1c1c; color: #fff; }
:focus-visible { outline: 3px solid #c2410c; outline-offset: 2px; }
#list { list-style: none; padding: 0; }
#list > li { margin: 0 0 1rem; padding: 1rem; border: 1px solid #d5d2cb; border-radius: 8px; background: #fff; }
h3 { margin: 0; font-size: 1.05rem; }
.about { margin: 0; color: #4a5663; }
.body { margin: 0.75rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
label[for^='response'] { flex: 1 1 100%; margin-top: 0.5rem; }
textarea { flex: 1 1 100%; box-sizing: border-box; min-height: 3.5rem; }
.acts { display: flex; gap: 0.5rem; margin-top: 0.75rem; }
nav { display: flex; gap: 1rem; align-items: center; }
dialog { border: 1px solid #5d6b7a; border-radius: 8px; padding: 1.5rem; }
`
