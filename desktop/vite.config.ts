import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  base: './',
  plugins: [vue()],
  build: { target: 'es2022', chunkSizeWarningLimit: 700 },
  server: { proxy: { '/v1': { target: 'http://127.0.0.1:8012', ws: true } } },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
})
