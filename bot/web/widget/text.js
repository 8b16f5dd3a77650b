const WORDS = {
  id: {
    open: 'Buka obrolan', close: 'Tutup obrolan', menu: 'Menu', bot: 'Pemandu otomatis', human: 'Konselor', input: 'Tulis pesan{mu}', send: 'Kirim',
    queued: 'Menunggu sinyal', sending: 'Mengirim …', failed: 'Tidak terkirim', retry: 'Coba lagi', drop: 'Buang',
    offline: 'Sambungan terputus. Pesan{mu} menunggu.', online: 'Tersambung', stopped: 'Sambungan berhenti.',
    version: 'Muat ulang halamannya, ya.', denied: 'Obrolan tidak bisa dibuka di sini.',
    unread: '{n} pesan baru', newer: 'Pesan terbaru ↓', earlier: 'Pesan sebelumnya', choices: 'Pilihan jawaban', progress: 'Pertanyaan {at} dari {of}',
    result: 'Hasil', copy: 'Salin', print: 'Cetak', long: 'Pesannya terlalu panjang.', language: 'English', end: 'Akhiri obrolan',
    download: 'Unduh obrolan{mu}', erase: 'Hapus obrolan{mu}', exit: 'Keluar cepat', sure: 'Semua pesan dihapus selamanya?',
    ending: 'Obrolan diakhiri di perangkat ini. Apakah tadi membantu?', yes: 'Ya', no: 'Tidak', skip: 'Akhiri saja', cancel: 'Batal', erased: 'Obrolan{mu} sudah dihapus.', ended: 'Obrolan diakhiri. Terima kasih!',
    nothing: 'Belum ada yang tersimpan.', trouble: 'Belum berhasil. Coba nanti.', you: 'Dari{mu}',
  },
  en: {
    open: 'Open chat', close: 'Close chat', menu: 'Menu', bot: 'Automatic guide', human: 'Counsellor', input: 'Write your message', send: 'Send',
    queued: 'Waiting for a signal', sending: 'Sending …', failed: 'Not sent', retry: 'Try again', drop: 'Discard',
    offline: 'No connection. Your messages wait.', online: 'Connected', stopped: 'Disconnected.',
    version: 'Please reload the page.', denied: 'The chat cannot be opened here.',
    unread: '{n} new messages', newer: 'Newest message ↓', earlier: 'Earlier messages', choices: 'Possible answers', progress: 'Question {at} of {of}',
    result: 'Result', copy: 'Copy', print: 'Print', long: 'The message is too long.', language: 'Bahasa Indonesia', end: 'End chat',
    download: 'Download your chat', erase: 'Delete your chat', exit: 'Quick exit', sure: 'Delete all messages for good?',
    ending: 'The chat is taken off this device. Did it help?', yes: 'Yes', no: 'No', skip: 'Just end it', cancel: 'Cancel', erased: 'Your chat has been deleted.', ended: 'The chat has ended. Thank you!',
    nothing: 'Nothing is stored.', trouble: 'That did not work. Try later.', you: 'You',
  },
};

export const words = (language, isFormal) => (key, values) => WORDS[language][key].replace(/\{(\w+)\}/g, (whole, name) => (name === 'mu' ? (isFormal ? ' Anda' : 'mu') : values[name]));
