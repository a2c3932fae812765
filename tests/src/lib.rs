//! Real processes, real disks, real clients; and tidiness as a test.
