// The published SDK for JavaScript against a server of the Java test. Arguments: the address and the encoding.
import { Centrifuge } from 'centrifuge';
import { Centrifuge as CentrifugeProtobuf } from 'centrifuge/build/protobuf';
import WebSocket from 'ws';

const [, , address, encoding] = process.argv;
const isJson = encoding === 'json';
const data = value => (isJson ? value : new TextEncoder().encode(JSON.stringify(value)));
const value = received => (isJson ? received : JSON.parse(new TextDecoder().decode(received)));

function client(token, options = {}) {
  const created = new (isJson ? Centrifuge : CentrifugeProtobuf)(address, {
    websocket: WebSocket,
    token,
    minReconnectDelay: 20,
    maxReconnectDelay: 100,
    ...options,
  });
  created.on('error', error => console.log('event error', JSON.stringify(error)));
  return created;
}

function check(name, condition, actual) {
  if (!condition) {
    console.log('FAILED', name, JSON.stringify(actual));
    process.exit(1);
  }
  console.log('ok', name);
}

const event = (source, name) => new Promise(resolve => source.once(name, resolve));
const failure = promise => promise.then(() => null, error => error);

async function until(name, condition) {
  for (let i = 0; !condition(); i++) {
    check('in time: ' + name, i < 1000);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

setTimeout(() => check('the script ends in time', false), 30000);

// The connect request and the subscription travel in one message.
const ann = client('ann');
const news = ann.newSubscription('news');
const publications = [];
news.on('publication', publication => publications.push(publication));
const connected = event(ann, 'connected');
const subscribed = event(news, 'subscribed');
ann.connect();
news.subscribe();
const connection = await connected;
check('connected', connection.client.length > 0, connection);
const start = await subscribed;
check('subscribed', start.recoverable && start.positioned && start.streamPosition.offset === 0, start);

await news.publish(data({ text: 'one' }));
await until('the publication', () => publications.length === 1);
const first = publications[0];
check('publication', value(first.data).text === 'one' && first.offset === 1, first);
check('publisher', first.info.user === 'ann' && first.info.client === connection.client, first.info);

const history = await news.history({ limit: 10 });
check('history', history.publications.length === 1 && history.offset === 1, history);
check('position', (await news.history({ limit: 0 })).epoch === start.streamPosition.epoch);

check('rpc', value((await ann.rpc('echo', data({ a: [1, null] }))).data).a.length === 2);
check('error of the application', (await failure(ann.rpc('fail', data(1)))).code === 500);
check('unknown method', (await failure(ann.rpc('nope', data(1)))).code === 104);

// The server disconnects the client, which recovers.
const bob = client('bob');
bob.connect();
await bob.ready();
const reconnected = event(news, 'subscribed');
await bob.rpc('reconnect', data('ann'));
const again = await reconnected;
check('reconnected', again.wasRecovering && again.recovered, again);

// Publications while the client is away arrive in order.
ann.disconnect();
for (let i = 2; i <= 6; i++) {
  await bob.publish('news', data(i));
}
const recovered = event(news, 'subscribed');
ann.connect();
check('recovered', (await recovered).recovered);
await until('the missed publications', () => publications.length === 6);
const missed = publications.slice(1).map(publication => [publication.offset, value(publication.data)]);
check('missed publications', JSON.stringify(missed) === '[[2,2],[3,3],[4,4],[5,5],[6,6]]', missed);

// The members of a topic, and those that come and go.
const room = ann.newSubscription('room', { joinLeave: true });
const members = [];
room.on('join', context => members.push('+' + context.info.user));
room.on('leave', context => members.push('-' + context.info.user));
room.subscribe();
await until('the own join', () => members.length === 1);
const bobRoom = bob.newSubscription('room');
bobRoom.subscribe();
await bobRoom.ready();
const present = (await bobRoom.presence()).clients;
check('presence', Object.values(present).map(info => info.user).sort().join() === 'ann,bob', present);
const counts = await bobRoom.presenceStats();
check('presence stats', counts.numClients === 2 && counts.numUsers === 2, counts);
bobRoom.unsubscribe();
await until('the leave', () => members.length === 3);
check('joins and leaves', members.join() === '+ann,+bob,-bob', members);

// The history of "small" keeps two publications.
const small = ann.newSubscription('small');
small.subscribe();
await small.ready();
ann.disconnect();
for (let i = 1; i <= 5; i++) {
  await bob.publish('small', data(i));
}
const unrecovered = event(small, 'subscribed');
ann.connect();
const lost = await unrecovered;
check('not recovered', lost.wasRecovering && !lost.recovered && lost.streamPosition.offset === 5, lost);

const ended = event(small, 'unsubscribed');
await bob.rpc('unsubscribe', data('ann'));
check('unsubscribed by the server', (await ended).code === 2000);

// An expired token is replaced, a wrong one is final.
let fetched = 0;
const zoe = client('zoe:expired', { getToken: async () => (fetched++, 'zoe') });
zoe.connect();
await zoe.ready();
check('token fetched', fetched === 1, fetched);
const eve = client('eve:invalid');
const refused = event(eve, 'disconnected');
eve.connect();
check('invalid token', (await refused).code === 3500);
const unhandled = event(zoe, 'disconnected');
zoe.send(data(1)).catch(() => {});
check('message without a handler', (await unhandled).code === 3508);

// The SDK refreshes its token, and the server subscribes the client.
let refreshes = 0;
const fay = client('fay:PT1.5S', { getToken: async () => (refreshes++, 'fay:PT100S') });
fay.connect();
await fay.ready();
const sam = client('sam:topics');
const pushed = [];
sam.on('subscribed', context => pushed.push(context.channel));
sam.on('publication', context => pushed.push(context.offset));
sam.connect();
await sam.ready();
await until('the subscription by the server', () => pushed.length === 1);
await bob.publish('own', data(1));
await until('its publication', () => pushed.length === 2);
sam.disconnect();
await bob.publish('own', data(2));
sam.connect();
await until('its recovery', () => pushed.length === 4);
check('subscription by the server', JSON.stringify(pushed) === '["own",1,"own",2]', pushed);
await until('the refresh', () => refreshes > 0);
check('refreshed', fay.state === 'connected', fay.state);

// The server shuts down, and the client tries to reconnect.
const shutdown = event(ann, 'connecting');
bob.rpc('shutdown', data(1)).catch(() => {});
check('shutdown', (await shutdown).code === 3001);
console.log('ALL OK');
process.exit(0);
