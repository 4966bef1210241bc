no plugin
