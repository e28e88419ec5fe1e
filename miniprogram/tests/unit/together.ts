// What units need of several modules that have to be the same ones.
export * from '../../src/utils/actions'
export * from '../../src/utils/case-page'
export * from '../../src/utils/outbox'
export * from '../../src/utils/wipe'
