// Serves an invented street with everybody's phone, to try by hand in a browser: `make phones`. It escalates as a real
// street does; CHAIN=demo escalates within seconds.
import { startStreet } from '../tests/server.mjs'

const street = await startStreet({ chain: process.env.CHAIN ?? 'standard' })
console.log(`\n  每个人的手机   ${street.origin}/phones   （用 Chrome 或 Firefox 打开）`)
console.log(`  接口说明       ${street.server}/`)
console.log('  按 Ctrl-C 结束，什么都不保留\n')
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => street.close().then(() => process.exit(0)))
