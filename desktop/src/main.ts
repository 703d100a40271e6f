import { createApp } from 'vue'
import './element.css'
import './style.css'
import App from './App.vue'

createApp(App).mount('#app')
