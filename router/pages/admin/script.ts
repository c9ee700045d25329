// Texts of people are set as text, never as HTML. The token stays in this tab, until it is closed.
export const script: string = `const kinds = {
  reviews: { noun: 'review', body: 'body', date: 'date', author: 'reviewer' },
  questions: { noun: 'question', body: 'question_body', date: 'question_date', author: 'asker' },
  answers: { noun: 'answer', body: 'body', date: 'date', author: 'answerer' },
}
const count = 20
const at = (id) => document.getElementById(id)
let page = 1

const tell = (text) => { at('status').textContent = text }
const make = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more)

const ask = async (method, path, body) => {
  const response = await fetch('/moderation/' + path, {
    method,
    headers: { Authorization: 'Bearer ' + sessionStorage.getItem('token'), 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (response.status === 401) {
    leave()
    throw new Error('This token is not the admin token.')
  }
  if (!response.ok) throw new Error(await response.text())
  return response.status === 204 ? undefined : response.json()
}

const tryTo = async (task) => {
  try {
    await task()
  } catch (error) {
    tell(error.message)
  }
}

const act = (method, path, done, body) => tryTo(async () => {
  await ask(method, path, body)
  await show()
  tell(done)
  at('title').focus()
})

const confirmRemoval = (name, row) => new Promise((resolve) => {
  at('question').textContent = 'Remove ' + name + ' by ' + row + ' for good, with all that belongs to it?'
  at('confirm').onclose = () => resolve(at('confirm').returnValue === 'remove')
  at('confirm').returnValue = ''
  at('confirm').showModal()
})

const showResponse = (row, item) => {
  const form = make('form', '')
  const id = 'response-' + row.review_id
  const field = make('textarea', '', { id, value: row.response ?? '', maxLength: 10000 })
  const name = 'review ' + row.review_id
  const label = make('label', 'Response of the seller to ' + name, { htmlFor: id })
  form.append(label, field, make('button', 'Save response'))
  form.onsubmit = (event) => {
    event.preventDefault()
    const response = field.value.trim() || null
    const done = (response ? 'Answered ' : 'Cleared the response to ') + name + '.'
    void act('PUT', 'reviews/' + row.review_id + '/response', done, { response })
  }
  item.append(form)
}

const showRow = (row, kind) => {
  const { noun, body, date, author } = kinds[kind]
  const id = noun + '_id'
  const label = noun + ' ' + row[id]
  const item = make('li', '')
  item.append(make('h3', row.summary ? label + ': ' + row.summary : label))
  const reports = row.reports === 1 ? '1 report' : row.reports + ' reports'
  const state = row.reported ? 'hidden' : 'shown'
  const stars = row.rating ? ', ' + row.rating + ' of 5' : ''
  const about = reports + ', ' + state + stars + ', product ' + row.product_id + ', ' + row[date].slice(0, 10)
  item.append(make('p', about, { className: 'about' }))
  const email = row[author + '_email']
  item.append(make('p', 'By ' + row[author + '_name'] + (email ? ' <' + email + '>' : ''), { className: 'about' }))
  item.append(make('p', row[body], { className: 'body' }))
  for (const { url } of row.photos ?? []) item.append(make('p', 'Photo: ' + url, { className: 'about' }))
  if (kind === 'reviews') showResponse(row, item)
  const acts = make('div', '', { className: 'acts' })
  const restore = make('button', 'Restore ' + label, { type: 'button' })
  restore.onclick = () => act('PUT', kind + '/' + row[id] + '/restore', 'Restored ' + label + '.')
  const remove = make('button', 'Remove ' + label, { type: 'button', className: 'danger' })
  remove.onclick = async () => {
    if (await confirmRemoval(label, row[name])) await act('DELETE', kind + '/' + row[id], 'Removed ' + label + '.')
  }
  acts.append(restore, remove)
  item.append(acts)
  return item
}

const show = async () => {
  const kind = at('kind').value
  const rows = await ask('GET', kind + '?order=' + at('order').value + '&page=' + page + '&count=' + count)
  if (rows.length === 0 && page > 1) {
    page -= 1
    return show()
  }
  at('enter').hidden = true
  at('queue').hidden = at('leave').hidden = false
  at('title').textContent = 'Reported ' + kind
  at('list').replaceChildren(...rows.map((row) => showRow(row, kind)))
  at('page').textContent = 'Page ' + page
  at('previous').disabled = page === 1
  at('next').disabled = rows.length < count || page === 100
  tell(rows.length === 0 ? 'There are no reported ' + kind + '.' : '')
}

const leave = () => {
  sessionStorage.removeItem('token')
  at('queue').hidden = at('leave').hidden = true
  at('list').replaceChildren()
  at('enter').hidden = false
  at('token').value = ''
  at('token').focus()
}

const turn = (to) => {
  page = to
  void tryTo(async () => {
    await show()
    at('title').focus()
  })
}
at('enter').onsubmit = (event) => {
  event.preventDefault()
  sessionStorage.setItem('token', at('token').value)
  turn(1)
}
at('choice').onsubmit = (event) => event.preventDefault()
at('kind').onchange = at('order').onchange = () => {
  page = 1
  void tryTo(show)
}
at('previous').onclick = () => turn(page - 1)
at('next').onclick = () => turn(page + 1)
at('cancel').onclick = () => at('confirm').close('')
at('remove').onclick = () => at('confirm').close('remove')
at('leave').onclick = () => {
  leave()
  tell('Signed out.')
}
if (sessionStorage.getItem('token')) void tryTo(show)
`
